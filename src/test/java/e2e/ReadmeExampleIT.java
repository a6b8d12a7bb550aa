package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentCreateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's examples take a payment, as they stand there. */
final class ReadmeExampleIT {
  private static final Path README = Path.of("README.md");
  private static final Path SOURCE = Path.of("src/test/java/e2e/ReadmeExampleIT.java");
  private static final String BASE = "http://127.0.0.1:8080";

  @Test
  void takesAPaymentThroughTheSdk() throws StripeException, IOException {
    try (var shop = Shop.open()) {
      String gateway = shop.gateway().api().toString();
      // The README's example begins.
      StripeClient client =
          StripeClient.builder().setApiKey("sk_test_demo").setApiBase(gateway).build();
      PaymentIntent payment =
          client
              .v1()
              .paymentIntents()
              .create(
                  PaymentIntentCreateParams.builder()
                      .setAmount(2000L)
                      .setCurrency("eur")
                      .setPaymentMethod("pm_card_visa")
                      .setConfirm(true)
                      .setReturnUrl("https://example.com/return")
                      .build(),
                  RequestOptions.builder().setIdempotencyKey("order-1001").build());
      // The README's example ends.
      assertThat(payment.getStatus()).isEqualTo("succeeded");
      assertThat(payment.getAmountReceived()).isEqualTo(2000);
      shop.audit();
    }
    String here = between(Files.readString(SOURCE), "// The README's example begins.\n", "// The ");
    String there =
        between(Files.readString(README), "```java\n", "```")
            .replace("\"" + BASE + "\"", "gateway");
    assertThat(squeezed(there)).isEqualTo(squeezed(here));
  }

  @Test
  void takesAPaymentByCurl() throws IOException {
    String curl = between(Files.readString(README), "curl " + BASE, "```");
    try (var shop = Shop.open();
        var wire = new Wire(shop.gateway())) {
      String path = curl.substring(0, curl.indexOf(' '));
      String form = String.join("&", all(curl, "-d (\\S+)"));
      String key = String.join("", all(curl, "Idempotency-Key: ([^\"]+)"));
      var paid = wire.keyed(key, path, form);
      assertThat(paid.statusCode()).as(paid.body()).isEqualTo(200);
      assertThat(Wire.json(paid).getString("status")).isEqualTo("succeeded");
      assertThat(curl).contains("-u sk_test_demo:");
    }
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    assertThat(from).as("where " + start + " starts").isNotNegative();
    int to = text.indexOf(end, from + start.length());
    return text.substring(from + start.length(), to);
  }

  private static List<String> all(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    var all = new ArrayList<String>();
    while (found.find()) {
      all.add(found.group(1));
    }
    return all;
  }

  private static String squeezed(String code) {
    return code.replaceAll("\\s+", "");
  }
}
