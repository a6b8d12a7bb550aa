package outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import payments.Parameters;
import payments.WebhookEndpoint;

/** No endpoint takes the places that others need. */
class PlacesTest {
  private static final long SECOND = 1_000_000_000;

  private final Places places = new Places(16, 4);

  private static WebhookEndpoint endpoint(int number, @Nullable Instant failingSince) {
    return endpoint("m" + number, number, failingSince);
  }

  private static WebhookEndpoint endpoint(
      String merchant, int number, @Nullable Instant failingSince) {
    return new WebhookEndpoint(
        merchant,
        false,
        new UUID(0, number),
        "https://example.com",
        true,
        null,
        List.of("*"),
        Parameters.EMPTY,
        "",
        null,
        null,
        1,
        failingSince);
  }

  private static WebhookEndpoint endpoint(int number) {
    return endpoint(number, null);
  }

  private int free(WebhookEndpoint endpoint, long now) {
    return places.free(List.of(endpoint), now).stream().mapToInt(it -> it.number()).sum();
  }

  /** One attempt that goes through at once: from now on the endpoint is known to be quick. */
  private void isQuick(WebhookEndpoint endpoint) {
    places.started(endpoint, 0);
    places.ended(endpoint.id(), 0, 1, true);
  }

  @Test
  void givesOnePlaceToWhatItDoesNotKnowAndTheLimitToWhatIsQuick() {
    assertThat(free(endpoint(1), 0)).isEqualTo(1);
    isQuick(endpoint(1));
    assertThat(free(endpoint(1), 0)).isEqualTo(4);
    places.started(endpoint(1), 0);
    assertThat(free(endpoint(1), 0)).isEqualTo(3);
  }

  @Test
  void takesThePlacesBackFromWhatFails() {
    isQuick(endpoint(1));
    places.started(endpoint(1), 5);
    places.ended(endpoint(1).id(), 5, 6, false);
    assertThat(free(endpoint(1), 6)).isEqualTo(1);
    // What another node saw fail is not taken for unknown either.
    assertThat(free(endpoint(2, Instant.EPOCH), 6)).isEqualTo(1);
  }

  @Test
  void leavesHalfOfThePlacesToQuickOnesHoweverManyHang() {
    isQuick(endpoint(1_000));
    List<WebhookEndpoint> hanging =
        IntStream.range(0, 100).mapToObj(number -> endpoint(number, Instant.EPOCH)).toList();
    List<store.DeliveryQueue.Places> given = places.free(hanging, 0);
    assertThat(given).hasSize(8).allMatch(place -> place.number() == 1);
    given.forEach(place -> places.started(place.endpoint(), 0));
    assertThat(places.free(hanging, 0)).isEmpty();
    assertThat(free(endpoint(1_000), 0)).isEqualTo(4);
    assertThat(places.full()).hasSize(8);
  }

  @Test
  void takesAQuickOneForSlowAsSoonAsItsAttemptTakesLong() {
    var all = IntStream.range(0, 4).mapToObj(number -> endpoint(number)).toList();
    all.forEach(this::isQuick);
    all.forEach(each -> places.started(each, 0));
    assertThat(places.free(all, 1).stream().mapToInt(it -> it.number()).sum()).isEqualTo(12);
    // Four are slow now and share eight places.
    assertThat(places.free(all, 2 * SECOND).stream().mapToInt(it -> it.number()).sum())
        .isEqualTo(4);
  }

  @Test
  void leavesPlacesToOneThatIsNewWhileOthersHang() {
    var hanging = IntStream.range(0, 8).mapToObj(number -> endpoint(number)).toList();
    hanging.forEach(each -> places.started(each, 0));
    // They take long now and have all that those who do may have.
    assertThat(free(endpoint(100, Instant.EPOCH), 2 * SECOND)).isZero();
    assertThat(free(endpoint(100), 2 * SECOND)).isEqualTo(1);
  }

  @Test
  void sharesThePlacesInTurns() {
    var all = IntStream.range(0, 8).mapToObj(number -> endpoint(number)).toList();
    all.forEach(this::isQuick);
    assertThat(places.free(all, 0)).hasSize(8).allMatch(place -> place.number() == 2);
    IntStream.range(0, 16).forEach(i -> places.started(all.get(i % 8), i));
    assertThat(places.isFull()).isTrue();
    assertThat(places.free(all, 0)).isEmpty();
  }

  @Test
  void givesTheNextPlaceToWhoWasGivenOneLongestAgo() {
    List<WebhookEndpoint> slow =
        IntStream.range(0, 4).mapToObj(number -> endpoint(number)).toList();
    for (WebhookEndpoint each : slow) {
      places.started(each, 0);
      places.ended(each.id(), 0, 2 * SECOND, true);
    }
    places.free(slow, 0).forEach(this::startAll);
    assertThat(places.inFlight()).as("all that those who are slow may have").isEqualTo(8);
    var all = new ArrayList<>(slow);
    all.add(endpoint(100, Instant.EPOCH));
    all.add(endpoint(101, Instant.EPOCH));
    assertThat(places.free(all, 0)).isEmpty();

    // The slow ones have more waiting, and come first by their ids: each place goes to the others
    // all the same.
    var served = new ArrayList<UUID>();
    for (WebhookEndpoint each : slow) {
      places.ended(each.id(), 0, 3 * SECOND, true);
      List<store.DeliveryQueue.Places> next = places.free(all, 0);
      next.forEach(this::startAll);
      next.forEach(place -> served.add(place.endpoint().id()));
    }
    assertThat(served)
        .containsExactly(
            endpoint(100).id(), endpoint(101).id(), slow.get(0).id(), slow.get(1).id());
  }

  private void startAll(store.DeliveryQueue.Places given) {
    IntStream.range(0, given.number()).forEach(i -> places.started(given.endpoint(), 0));
  }

  @Test
  void leavesPlacesToOtherMerchantsHoweverManyEndpointsOfOneFail() {
    List<WebhookEndpoint> ofOne =
        IntStream.range(0, 16).mapToObj(i -> endpoint("one", i, Instant.EPOCH)).toList();
    List<store.DeliveryQueue.Places> given = places.free(ofOne, 0);
    assertThat(given).hasSize(4);
    given.forEach(this::startAll);
    assertThat(places.free(ofOne, 0)).isEmpty();
    assertThat(free(endpoint("other", 100, Instant.EPOCH), 0)).isEqualTo(1);
  }

  @Test
  void countsWhatEnds() {
    places.started(endpoint(1), 7);
    assertThat(places.inFlight()).isEqualTo(1);
    places.ended(endpoint(1).id(), 7, 8, null);
    assertThat(places.inFlight()).isZero();
    assertThat(free(endpoint(1), 8)).isEqualTo(1);
    assertThatIllegalStateException().isThrownBy(() -> places.ended(endpoint(1).id(), 7, 8, true));
  }
}
