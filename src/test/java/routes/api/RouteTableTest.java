package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths and their endpoints. */
class RouteTableTest {
  private final RouteTable routes =
      RouteTable.of(List.of(PaymentIntentRoutes.ALL, CustomerRoutes.ALL));

  @Test
  void findsAnEndpointWithTheIdsOfItsPath() {
    var match = routes.find("GET", "/v1/customers/cus_1/payment_methods/pm_2").orElseThrow();
    assertThat(match.endpoint().path())
        .isEqualTo("/v1/customers/{id}/payment_methods/{payment_method}");
    assertThat(match.ids()).containsExactly("cus_1", "pm_2");
    assertThat(routes.find("POST", "/v1/payment_intents").orElseThrow().ids()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "GET, /v1",
    "GET, /v1/",
    "GET, /v2/payment_intents",
    "GET, /v1/foo",
    "PUT, /v1/payment_intents",
    "DELETE, /v1/payment_intents/pi_1",
    "GET, /v1/payment_intents/",
    "POST, /v1/payment_intents//confirm",
    "POST, /v1/payment_intents/pi_1/confirm/x",
    "POST, /v1/payment_intents/*/explode",
    "GET, /v1/payment_intents/pi_1/confirm",
    "GET, /v1/customers/cus_1/payment_methods/pm_1/x"
  })
  void findsNoOther(String method, String path) {
    assertThat(routes.find(method, path)).isEmpty();
  }
}
