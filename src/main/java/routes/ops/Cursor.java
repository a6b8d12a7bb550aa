package routes.ops;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import payments.Listing.Place;

/** A place in a list as callers give it back: opaque to them. */
final class Cursor {
  private Cursor() {}

  static String of(Place place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((place.at() + "|" + place.key()).getBytes(StandardCharsets.UTF_8));
  }

  /** Empty where it is not one of ours. */
  static Optional<Place> parse(String text) {
    try {
      String place = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int bar = place.indexOf('|');
      return bar < 0
          ? Optional.empty()
          : Optional.of(
              new Place(Instant.parse(place.substring(0, bar)), place.substring(bar + 1)));
    } catch (IllegalArgumentException | DateTimeException notOurs) {
      return Optional.empty();
    }
  }
}
