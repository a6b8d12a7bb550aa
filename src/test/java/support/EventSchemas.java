package support;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The published JSON schemas of our events, and whether an event is as its schema says. */
public final class EventSchemas {
  private static final Path DIRECTORY = Path.of("src/main/resources/schemas/events");
  private static final String DEFINITIONS = "definitions";

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, JsonSchema> schemas = new HashMap<>();
  private final Set<String> events = new TreeSet<>();
  private final JsonObject definitions;

  public EventSchemas() {
    Map<String, String> byId = new HashMap<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        texts.put(name, Files.readString(file));
        byId.put(id(name), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(byId)));
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    for (String name : texts.keySet()) {
      schemas.put(name, factory.getSchema(SchemaLocation.of(id(name)), config));
      if (!name.equals(DEFINITIONS)) {
        events.add(name);
      }
    }
    definitions = new JsonObject(texts.get(DEFINITIONS)).getJsonObject("$defs");
  }

  /** What a schema calls itself, which events name as their {@code dataschema}. */
  public static String id(String name) {
    return "urn:sluice:events:" + name + ":v1";
  }

  /** The names of the events that have a schema. */
  public Set<String> events() {
    return events;
  }

  public JsonObject schema(String event) {
    return new JsonObject(texts.get(event));
  }

  /** Fails unless the event is as its schema says, and says nothing that no schema describes. */
  public void check(String event, String value) {
    assertThat(events).as("events with a schema").contains(event);
    JsonSchema schema = Objects.requireNonNull(schemas.get(event));
    assertThat(schema.validate(value, InputFormat.JSON)).as(value).isEmpty();
    JsonObject json = new JsonObject(value);
    describes("event", json);
    describes("payment", json.getJsonObject("payment"));
    for (String part : List.of("operation", "dispute")) {
      if (json.containsKey(part)) {
        describes(part, json.getJsonObject(part));
      }
    }
  }

  private void describes(String part, JsonObject value) {
    assertThat(definitions.getJsonObject(part).getJsonObject("properties").fieldNames())
        .as("described properties of %s", part)
        .containsAll(value.fieldNames());
  }
}
