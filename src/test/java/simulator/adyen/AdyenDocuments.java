package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Adyen's own documents, where they are at hand: what a body must look like by them. */
final class AdyenDocuments {
  private static final Path FOLDER = Path.of("../shared/specs/adyen");
  private static final String CHECKOUT = "urn:adyen:checkout";
  private static final String WEBHOOKS = "urn:adyen:webhooks";

  private final JsonObject checkout;
  private final JsonObject webhooks;
  private final JsonSchemaFactory factory;
  private final SchemaValidatorsConfig config =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  /** Skips the test where they are not. */
  AdyenDocuments() {
    Path checkoutFile = FOLDER.resolve("CheckoutService-v71.json");
    Path webhooksFile = FOLDER.resolve("Webhooks-v1.json");
    assumeThat(checkoutFile).exists();
    assumeThat(webhooksFile).exists();
    String checkoutText = read(checkoutFile);
    String webhooksText = read(webhooksFile);
    checkout = new JsonObject(checkoutText);
    webhooks = new JsonObject(webhooksText);
    factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder ->
                builder.schemaLoaders(
                    loaders ->
                        loaders.schemas(Map.of(CHECKOUT, checkoutText, WEBHOOKS, webhooksText))));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless a request is as the operation wants it. */
  void checkRequest(String path, String body) {
    check(CHECKOUT, schema(operation(path).getJsonObject("requestBody")), body);
  }

  /** Fails unless an answer is one of the operation's. */
  void checkAnswer(String path, int status, String body) {
    checkAnswer(path, "post", status, body);
  }

  /** The same for an operation of another method. */
  void checkAnswer(String path, String method, int status, String body) {
    JsonObject answers = operation(path, method).getJsonObject("responses");
    assertThat(answers.fieldNames()).as("answers of %s", path).contains(Integer.toString(status));
    check(CHECKOUT, schema(answers.getJsonObject(Integer.toString(status))), body);
  }

  private JsonObject operation(String path) {
    return operation(path, "post");
  }

  private JsonObject operation(String path, String method) {
    JsonObject found = checkout.getJsonObject("paths").getJsonObject(path);
    assertThat(found).as(path).isNotNull();
    return found.getJsonObject(method);
  }

  /** Fails unless a notification with one item is as its event code wants it. */
  void checkNotification(String body) {
    JsonObject notification = new JsonObject(body);
    JsonObject only =
        notification
            .getJsonArray("notificationItems")
            .getJsonObject(0)
            .getJsonObject("NotificationRequestItem");
    withoutDynamicNames(only.getJsonObject("additionalData"));
    JsonObject webhook =
        webhooks.getJsonObject("webhooks").getJsonObject("/" + only.getString("eventCode"));
    assertThat(webhook).as(only.getString("eventCode")).isNotNull();
    check(
        WEBHOOKS,
        schema(webhook.getJsonObject("post").getJsonObject("requestBody")),
        notification.encode());
  }

  /** Metadata comes under names of the merchant's making, which the document tells in words. */
  private static void withoutDynamicNames(JsonObject additional) {
    additional.fieldNames().stream()
        .filter(name -> name.startsWith("metadata."))
        .toList()
        .forEach(additional::remove);
  }

  private static String schema(JsonObject content) {
    return content
        .getJsonObject("content")
        .getJsonObject("application/json")
        .getJsonObject("schema")
        .getString("$ref");
  }

  private void check(String document, String fragment, String body) {
    assertThat(
            factory
                .getSchema(SchemaLocation.of(document + fragment), config)
                .validate(body, InputFormat.JSON))
        .as("%s%n%s", fragment, body)
        .isEmpty();
  }
}
