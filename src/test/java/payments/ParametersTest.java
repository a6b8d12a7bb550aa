package payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** What merchants say of objects, and how an update is laid over it. */
class ParametersTest {

  @Test
  void anUpdateReplacesWhatItNamesAndKeepsTheRest() {
    var given = of("description", "a", "receipt_email", "x@example.com");

    assertThat(given.with(of("description", "b")).values())
        .isEqualTo(Map.of("description", "b", "receipt_email", "x@example.com"));
  }

  @Test
  void theEmptyTextUnsets() {
    var given = of("description", "a", "receipt_email", "x@example.com");

    assertThat(given.with(of("description", "")).values())
        .isEqualTo(Map.of("receipt_email", "x@example.com"));
    assertThat(given.with(of("never_there", ""))).isEqualTo(given);
  }

  @Test
  void metadataIsMergedKeyByKey() {
    var given = of("metadata", Map.of("order", "7", "shop", "north"));
    var changed = given.with(of("metadata", Map.of("order", "8", "shop", "", "note", "new")));

    assertThat(changed.metadata()).isEqualTo(Map.of("order", "8", "note", "new"));
  }

  @Test
  void emptyMetadataUnsetsAllOfIt() {
    var given = of("metadata", Map.of("order", "7"), "description", "a");

    assertThat(given.with(of("metadata", "")).metadata()).isEmpty();
    assertThat(given.with(of("metadata", Map.of())).metadata()).isEqualTo(Map.of("order", "7"));
  }

  @Test
  void aNewObjectDoesNotKeepMetadataWithoutAValue() {
    assertThat(Parameters.EMPTY.with(of("metadata", Map.of("a", "1", "b", ""))).metadata())
        .isEqualTo(Map.of("a", "1"));
  }

  @Test
  void otherHashesAreReplacedWhole() {
    var given = of("shipping", Map.of("name", "Ada", "phone", "1"));

    assertThat(given.with(of("shipping", Map.of("name", "Eve"))).map("shipping"))
        .isEqualTo(Map.of("name", "Eve"));
  }

  @Test
  void anUpdateLeavesWhatItWasLaidOver() {
    var given = of("metadata", Map.of("order", "7"));
    var kept = new Parameters(given.values());

    assertThat(given.with(of("metadata", Map.of("order", "8")))).isNotEqualTo(given);
    assertThat(given).isEqualTo(kept);
  }

  @Test
  void readsByKindAndIsEmptyWhereTheKindIsAnother() {
    var given = of("text", "a", "number", 7L, "hash", Map.of("k", "v"), "list", List.of("x"));

    assertThat(given.text("text")).isEqualTo("a");
    assertThat(given.text("number")).isNull();
    assertThat(given.text("missing")).isNull();
    assertThat(given.map("hash")).isEqualTo(Map.of("k", "v"));
    assertThat(given.map("list")).isEmpty();
    assertThat(given.has("number")).isTrue();
    assertThat(given.has("missing")).isFalse();
  }

  @Test
  void cannotBeChangedFromOutside() {
    var values = new HashMap<String, Object>(Map.of("description", "a"));
    var given = new Parameters(values);
    values.put("description", "b");

    assertThat(given.text("description")).isEqualTo("a");
    assertThatThrownBy(() -> given.values().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Property
  void metadataMergesLikeANaiveMap(
      @ForAll @Size(max = 6)
          Map<@StringLength(min = 1, max = 2) @AlphaChars String, @StringLength(max = 1) String>
              before,
      @ForAll @Size(max = 6)
          Map<@StringLength(min = 1, max = 2) @AlphaChars String, @StringLength(max = 1) String>
              changes) {
    var model = new HashMap<String, Object>(before);
    changes.forEach(
        (key, value) -> {
          if (value.isEmpty()) {
            model.remove(key);
          } else {
            model.put(key, value);
          }
        });

    assertThat(of("metadata", before).with(of("metadata", changes)).metadata()).isEqualTo(model);
  }

  private static Parameters of(Object... namesAndValues) {
    var values = new HashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      values.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Parameters(values);
  }
}
