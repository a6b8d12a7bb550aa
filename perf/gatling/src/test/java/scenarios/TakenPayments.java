package scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Payments that are taken before the load, for scenarios that are about existing ones. */
final class TakenPayments {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Map<String, Object>> taken = new ArrayList<>();
  private final AtomicLong next = new AtomicLong();

  /**
   * Takes them, one after the other.
   *
   * @param withPspNames whether operators are asked what the PSP calls each
   */
  void take(boolean withPspNames) {
    for (int i = 0; i < Math.max(1, Parameters.payments()); i++) {
      JsonNode payment = pay();
      String id = payment.path("id").asText();
      taken.add(
          withPspNames
              ? pspNames(id)
              : Map.of("payment", id, "charge", payment.path("latest_charge").asText()));
    }
  }

  /** A feeder without an end: payment by payment, and from the first again. */
  Iterator<Map<String, Object>> feeder() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Map<String, Object> next() {
        return taken.get((int) (next.getAndIncrement() % taken.size()));
      }
    };
  }

  private static JsonNode pay() {
    String form =
        "amount=%d&currency=%s&description=load%%2C+taken+before&confirm=true&payment_method=pm_card_visa&return_url=https%%3A%%2F%%2Fshop.example"
            .formatted(Api.AMOUNT, Parameters.currency());
    JsonNode payment =
        ask(
            HttpRequest.newBuilder(URI.create(Parameters.baseUrl() + "/v1/payment_intents"))
                .header("Authorization", "Bearer " + Parameters.apiKey())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    if (!payment.path("status").asText().equals("succeeded")) {
      throw new IllegalStateException("a payment was to be taken, and is " + payment);
    }
    return payment;
  }

  private static Map<String, Object> pspNames(String id) {
    JsonNode operation =
        ask(HttpRequest.newBuilder(URI.create(Parameters.opsUrl() + "/ops/payments/" + id))
                .header("Authorization", "Bearer " + Parameters.opsToken()))
            .path("operations")
            .path(0);
    return Map.of(
        "payment",
        id,
        "intent",
        operation.path("psp_reference").asText(),
        "key",
        operation.path("psp_idempotency_key").asText());
  }

  private static JsonNode ask(HttpRequest.Builder asking) {
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              asking.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
