package e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.WebhookEndpoint;
import com.stripe.net.RequestOptions;
import com.stripe.param.WebhookEndpointCreateParams;
import com.stripe.param.WebhookEndpointCreateParams.EnabledEvent;
import com.stripe.param.WebhookEndpointListParams;
import com.stripe.param.WebhookEndpointUpdateParams;
import com.stripe.service.WebhookEndpointService;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import support.TestGateway;

/** Webhook endpoints through the merchant's own SDK. */
final class WebhookEndpointsIT {
  private static TestGateway gateway;
  private static Wire wire;

  @BeforeAll
  static void open() {
    gateway = TestGateway.start();
    wire = new Wire(gateway);
  }

  @AfterAll
  static void close() {
    try (var closing = gateway;
        var alsoClosing = wire) {
      assertThat(closing.api()).isNotNull();
    }
  }

  @BeforeEach
  void empty() {
    gateway.database().execute("DELETE FROM webhook_endpoint");
  }

  private static WebhookEndpointService endpoints() {
    return gateway.stripe().v1().webhookEndpoints();
  }

  private static WebhookEndpointCreateParams.Builder hook() {
    return WebhookEndpointCreateParams.builder()
        .setUrl("https://example.com/hook")
        .addEnabledEvent(EnabledEvent.PAYMENT_INTENT__SUCCEEDED)
        .addEnabledEvent(EnabledEvent.INVOICE__PAID);
  }

  @Test
  void createsRetrievesUpdatesListsAndDeletes() throws StripeException {
    WebhookEndpoint made =
        endpoints()
            .create(
                hook()
                    .setDescription("ours")
                    .putMetadata("team", "tea")
                    .setApiVersion(WebhookEndpointCreateParams.ApiVersion.VERSION_2026_07_29_DAHLIA)
                    .build());
    assertThat(made.getId()).startsWith("we_");
    assertThat(made.getSecret()).startsWith("whsec_").hasSizeGreaterThan(40);
    assertThat(made.getStatus()).isEqualTo("enabled");
    assertThat(made.getEnabledEvents()).containsExactly("payment_intent.succeeded", "invoice.paid");

    WebhookEndpoint read = endpoints().retrieve(made.getId());
    assertThat(read.getSecret()).isNull();
    assertThat(read.getDescription()).isEqualTo("ours");
    assertThat(read.getMetadata()).containsEntry("team", "tea");
    assertThat(read.getLivemode()).isFalse();
    assertThat(read.getCreated()).isPositive();

    WebhookEndpoint updated =
        endpoints()
            .update(
                made.getId(),
                WebhookEndpointUpdateParams.builder()
                    .setUrl("https://example.com/other")
                    .addEnabledEvent(WebhookEndpointUpdateParams.EnabledEvent.ALL)
                    .setDisabled(true)
                    .setDescription("")
                    .putMetadata("team", "coffee")
                    .build());
    assertThat(updated.getUrl()).isEqualTo("https://example.com/other");
    assertThat(updated.getEnabledEvents()).containsExactly("*");
    assertThat(updated.getStatus()).isEqualTo("disabled");
    assertThat(updated.getDescription()).isNull();
    assertThat(updated.getMetadata()).containsEntry("team", "coffee");
    assertThat(updated.getSecret()).isNull();

    WebhookEndpoint second = endpoints().create(hook().build());
    var page = endpoints().list(WebhookEndpointListParams.builder().setLimit(1L).build());
    assertThat(page.getData()).extracting(WebhookEndpoint::getId).containsExactly(second.getId());
    assertThat(page.getHasMore()).isTrue();
    var rest =
        endpoints()
            .list(WebhookEndpointListParams.builder().setStartingAfter(second.getId()).build());
    assertThat(rest.getData()).extracting(WebhookEndpoint::getId).containsExactly(made.getId());

    assertThat(endpoints().delete(made.getId()).getDeleted()).isTrue();
    var gone =
        catchThrowableOfType(
            InvalidRequestException.class, () -> endpoints().retrieve(made.getId()));
    assertThat(gone.getStatusCode()).isEqualTo(404);
    assertThat(gone.getCode()).isEqualTo("resource_missing");
  }

  @Test
  void replaysTheSecretToWhoBringsTheKeyAndKeepsItNowhereInClear() throws StripeException {
    RequestOptions keyed = RequestOptions.builder().setIdempotencyKey("hook-1").build();
    WebhookEndpoint made = endpoints().create(hook().build(), keyed);
    WebhookEndpoint again = endpoints().create(hook().build(), keyed);
    assertThat(again.getSecret()).isEqualTo(made.getSecret());
    assertThat(again.getId()).isEqualTo(made.getId());
    assertThat(again.getLastResponse().headers().firstValue("Idempotent-Replayed"))
        .contains("true");
    var rotation = wire.keyed("hook-2", rotation(made), "expires_in=0");
    assertThat(rotation.statusCode()).isEqualTo(200);
    assertThat(wire.keyed("hook-2", rotation(made), "expires_in=0").body())
        .isEqualTo(rotation.body());
    gateway.restart();
    assertThat(wire.keyed("hook-2", rotation(made), "expires_in=0").body())
        .isEqualTo(rotation.body());
    assertThat(new JsonObject(rotation.body()).getString("secret"))
        .startsWith("whsec_")
        .isNotEqualTo(made.getSecret());
    assertThat(
            gateway.number(
                "SELECT count(*) FROM idempotency_key WHERE answer_body LIKE '%whsec_%'"))
        .isZero();
    assertThat(gateway.number("SELECT count(*) FROM webhook_endpoint WHERE secret LIKE '%whsec_%'"))
        .isZero();
    assertThat(gateway.number("SELECT count(*) FROM webhook_endpoint")).isEqualTo(1);
  }

  private static String rotation(WebhookEndpoint endpoint) {
    return "/v1/webhook_endpoints/" + endpoint.getId() + "/rotate_secret";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url=https://example.com | enabled_events",
        "enabled_events[]=* | url",
        "url=ftp://example.com&enabled_events[]=* | url",
        "url=https://u:p@example.com&enabled_events[]=* | url",
        "url=not a url&enabled_events[]=* | url",
        "url=https://example.com&enabled_events[]=charge.suceeded | enabled_events[0]",
        "url=https://example.com&enabled_events[]=*&enabled_events[]=no | enabled_events[1]",
        "url=https://example.com&enabled_events[]=*&connect=true | connect",
        "url=https://example.com&enabled_events[]=*&api_version=2020-08-27 | api_version",
        "url=https://example.com&enabled_events[]=*&secret=whsec_mine | secret"
      })
  void refusesByTheParametersName(String form, String param) {
    var refused = wire.post("/v1/webhook_endpoints", form.replace(" ", "%20"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(refused.body()).getJsonObject("error").getString("param"))
        .isEqualTo(param);
  }

  @Test
  void refusesTheSeventeenth() throws StripeException {
    for (int i = 0; i < 16; i++) {
      endpoints().create(hook().build());
    }
    var refused =
        catchThrowableOfType(
            InvalidRequestException.class, () -> endpoints().create(hook().build()));
    assertThat(refused.getStatusCode()).isEqualTo(400);
    assertThat(refused.getMessage()).contains("16");
  }

  @Test
  void isNothingForAPublishableKey() {
    for (String path : new String[] {"/v1/webhook_endpoints", "/v1/events"}) {
      var refused =
          wire.send(
              HttpRequest.newBuilder(gateway.api().resolve(path))
                  .header("Authorization", "Bearer " + TestGateway.PUBLISHABLE_KEY)
                  .method("GET", BodyPublishers.noBody()));
      assertThat(refused.statusCode()).isEqualTo(403);
    }
  }
}
