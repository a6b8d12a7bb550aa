package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** JSON as others read it. */
class JsonWriterTest {

  @Test
  void writesStructureAndCommas() {
    var json = new JsonWriter();
    json.beginObject()
        .field("a", 1)
        .field("b", true)
        .nullField("c")
        .field("d", (Object) List.of("x", 2L, Map.of()))
        .name("e")
        .beginObject()
        .endObject()
        .field("f", "[")
        .field("g", ":")
        .endObject();
    assertThat(json)
        .hasToString(
            "{\"a\":1,\"b\":true,\"c\":null,\"d\":[\"x\",2,{}],\"e\":{},\"f\":\"[\",\"g\":\":\"}");
  }

  @Property
  void escapesWhateverTextThereIs(@ForAll String text) {
    var json = new JsonWriter();
    json.beginObject().field(text, text).endObject();
    assertThat(new JsonObject(json.toString()).getString(text)).isEqualTo(text);
  }
}
