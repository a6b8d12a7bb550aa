package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Adyen's error object (Adyen API: ServiceError; newer endpoints write RFC 7807, whose fields are
 * called otherwise).
 */
record AdyenError(
    @Nullable String errorCode,
    @Nullable String errorType,
    @Nullable String message,
    @Nullable String pspReference) {

  /** Empty where an answer is no error of Adyen's, such as some proxy's page. */
  static Optional<AdyenError> of(@Nullable JsonObject body) {
    if (body == null) {
      return Optional.empty();
    }
    String code = AdyenJson.filled(body, "errorCode");
    String type = AdyenJson.filled(body, "errorType");
    if (code == null && type == null) {
      return Optional.empty();
    }
    String message = AdyenJson.filled(body, "message");
    return Optional.of(
        new AdyenError(
            code,
            type,
            message == null ? AdyenJson.filled(body, "detail") : message,
            AdyenJson.filled(body, "pspReference")));
  }

  /** The type and the code, as far as they are told. */
  String codes() {
    return Stream.of(errorType, errorCode)
        .filter(part -> part != null)
        .collect(Collectors.joining("/"));
  }
}
