package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.exception.StripeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The one-pass reader beside stripe-java's models, on answers of which any field may be of any
 * kind: either both read the same, or neither can read it. Where the reader is the stricter one is
 * said in {@link #isStricter}; it is never the laxer one.
 */
final class StripeReaderTest {
  private static final String CARD =
      """
      {"brand":"visa","last4":"4242","exp_month":12,"exp_year":2034,"funding":"credit","country":"US",
       "fingerprint":"fp",%s,"checks":{"cvc_check":"pass","address_line1_check":"unavailable",
       "address_postal_code_check":"fail"}}\
      """;
  private static final String METHOD =
      """
      {"object":"payment_method","id":"pm_1","card":%s,"billing_details":{"email":"a@b.test","name":"Ann","phone":"1",
       "address":{"city":"c","country":"DE","line1":"1","line2":"2","postal_code":"3","state":"4"}}}\
      """
          .formatted(CARD.formatted("\"networks\":{\"preferred\":\"visa\"}"));
  private static final String CHARGE =
      """
      {"object":"charge","id":"ch_1","outcome":{"network_status":"approved_by_network","type":"authorized",
        "reason":"rule","risk_level":"normal","risk_score":12,"seller_message":"Done.",
        "network_decline_code":"05","network_advice_code":"01"},
       "payment_method_details":{"card":%s}}\
      """
          .formatted(
              CARD.formatted(
                  """
                  "network":"visa","network_transaction_id":"nti","authorization_code":"A1",
                  "three_d_secure":{"result":"authenticated","authentication_flow":"challenge",
                    "version":"2.2.0","electronic_commerce_indicator":"05",
                    "exemption_indicator":"low_risk","result_reason":"rejected",
                    "transaction_id":"dsid"}\
                  """));
  private static final String LAST_ERROR =
      """
      {"type":"card_error","code":"card_declined","decline_code":"lost_card","message":"No.",
       "param":"number","advice_code":"do_not_try_again","network_advice_code":"02",
       "network_decline_code":"51","charge":"ch_1","payment_method":%s}\
      """
          .formatted(METHOD);
  private static final String INTENT =
      """
      {"object":"payment_intent","id":"pi_1","status":"succeeded","amount":1099,
       "amount_received":1098,"amount_capturable":1097,"currency":"usd","payment_method":%s,
       "latest_charge":%s,"last_payment_error":%s,"next_action":{"redirect_to_url":{"url":"https://x.test"}},
       "cancellation_reason":"abandoned","metadata":{"operation_id":"our_key"},"created":1800000000}\
      """
          .formatted(METHOD, CHARGE, LAST_ERROR);

  /** An object of Stripe's with all that is read of it. */
  private enum Sample {
    INTENT(StripeReaderTest.INTENT),
    PLAIN_INTENT(
        """
        {"object":"payment_intent","id":"pi_1","status":"requires_capture","amount_capturable":1097,
         "currency":"usd","payment_method":"pm_1","latest_charge":"ch_1","last_payment_error":null}\
        """),
    EXPANDED_REFUND(
        """
        {"object":"refund","id":"re_1","status":"succeeded","amount":500,"currency":"usd",
         "charge":%s,"payment_intent":%s,"created":1800000000}\
        """
            .formatted(CHARGE, StripeReaderTest.INTENT)),
    REFUND(
        """
        {"object":"refund","id":"re_1","status":"failed","amount":500,"currency":"usd",
         "charge":"ch_1","payment_intent":"pi_1","reason":"duplicate","failure_reason":"unknown",
         "metadata":{"operation_id":"our_key"},"created":1800000000}\
        """),
    DISPUTE(
        """
        {"object":"dispute","id":"dp_1","status":"lost","amount":500,"currency":"usd",
         "payment_intent":"pi_1","reason":"fraudulent","created":1800000000}\
        """),
    METHOD(StripeReaderTest.METHOD),
    ERROR(
        """
        {"error":%s}\
        """
            .formatted(
                new JsonObject(LAST_ERROR).put("payment_intent", new JsonObject(INTENT.json))));

    final String json;

    Sample(String json) {
      this.json = json;
    }

    /** What the reader reads. */
    Object read(String text) throws IOException {
      return switch (this) {
        case INTENT, PLAIN_INTENT -> StripeReader.intent(text);
        case REFUND, EXPANDED_REFUND -> StripeReader.refund(text);
        case DISPUTE -> StripeJson.document(text, StripeReader::namedDispute);
        case METHOD -> StripeReader.method(text);
        case ERROR -> StripeReader.error(text);
      };
    }

    /** What stripe-java's models read. */
    Object modelled(String text) throws StripeException {
      return switch (this) {
        case INTENT, PLAIN_INTENT -> StripeModels.intent(text);
        case REFUND, EXPANDED_REFUND -> StripeModels.refund(text);
        case DISPUTE -> StripeModels.dispute(text);
        case METHOD -> StripeModels.method(text);
        case ERROR -> StripeModels.error(text);
      };
    }
  }

  /** Values of every kind, as they are written. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "\"\"",
          "\"text\"",
          "\"12\"",
          "\"\\u00e4\\ud83d\\ude00 \\\\ \\\" \\u0000 \\ud83d\"",
          "7",
          "-3",
          "7.5",
          "1e3",
          "9223372036854775807",
          "9223372036854775808",
          "1e400",
          "true",
          "false",
          "[]",
          "[1]",
          "[{\"id\":\"x\"}]",
          "{}",
          "{\"id\":\"x\"}",
          "{\"id\":7}",
          "{\"id\":7,\"object\":\"charge\"}",
          "{\"id\":\"x\",\"object\":\"refund\"}",
          "{\"id\":null}",
          "{\"unheard_of\":[{\"x\":[]}]}");

  private static final Set<String> NUMBERS =
      Set.of(
          "amount",
          "amount_received",
          "amount_capturable",
          "exp_month",
          "exp_year",
          "risk_score",
          "created");

  // ---- the same

  @ParameterizedTest
  @EnumSource(Sample.class)
  void readsAllThatTheModelsRead(Sample sample) {
    Object read = read(sample, sample.json);
    assertThat(read).isEqualTo(modelled(sample, sample.json)).isNotEqualTo(UNREADABLE);
  }

  @ParameterizedTest
  @EnumSource(Sample.class)
  void anyFieldOfAnyKindIsReadAsByTheModels(Sample sample) {
    for (List<Object> path : paths(new JsonObject(sample.json), List.of())) {
      for (String value : VALUES) {
        holds(sample, with(sample.json, path, value), isStricter(path, value));
      }
      holds(sample, without(sample.json, path), isStricter(path, ""));
    }
  }

  @Property(tries = 1_000)
  void severalFieldsOfAnyKindAreReadAsByTheModels(@ForAll long seed) {
    var random = new Random(seed);
    Sample sample = Sample.values()[random.nextInt(Sample.values().length)];
    String json = sample.json;
    boolean stricter = false;
    for (int left = random.nextInt(2, 5); left > 0; left--) {
      List<List<Object>> paths = paths(new JsonObject(json), List.of());
      List<Object> path = paths.get(random.nextInt(paths.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      String changed = with(json, path, value);
      if (changed.contains("1e400")) {
        // Cannot be read back to be changed again.
        continue;
      }
      stricter |= isStricter(path, value);
      json = changed;
    }
    holds(sample, json, stricter);
  }

  @ParameterizedTest
  @EnumSource(Sample.class)
  void ofAFieldThatIsToldTwiceTheLastCounts(Sample sample) {
    for (String name : new JsonObject(sample.json).fieldNames()) {
      for (String first : List.of("null", "\"other\"", "{\"id\":\"other\"}", "5")) {
        String twice = "{\"" + name + "\":" + first + "," + sample.json.substring(1);
        Object read = read(sample, twice);
        // One that is odd spoils it, also where another follows.
        assertThat(read).as(twice).isIn(UNREADABLE, modelled(sample, twice), NO_ERROR);
        if (first.equals("null")) {
          assertThat(read).as(twice).isEqualTo(modelled(sample, twice));
        }
      }
    }
  }

  // ---- what is no answer

  @ParameterizedTest
  @EnumSource(Sample.class)
  void whatIsCutOffIsUnreadable(Sample sample) {
    for (int length = 0; length < sample.json.length(); length++) {
      String cut = sample.json.substring(0, length);
      assertThat(read(sample, cut)).as(cut).isIn(UNREADABLE, NO_ERROR);
    }
  }

  @ParameterizedTest
  @EnumSource(Sample.class)
  void whatIsNotOneObjectIsUnreadable(Sample sample) {
    for (String text :
        List.of(
            "",
            " ",
            "null",
            "[]",
            "[" + sample.json + "]",
            "\"text\"",
            "<html>",
            sample.json + sample.json,
            sample.json + "x",
            sample.json.replace('"', '\''),
            "\uFEFF" + sample.json,
            sample.json.replaceFirst(":", "="))) {
      assertThat(read(sample, text)).as(text).isIn(UNREADABLE, NO_ERROR);
    }
  }

  @Test
  void whatIsDeeperThanAnyAnswerIsUnreadableAndNeverOverflows() {
    assertThat(read(Sample.INTENT, nested("[", "]", 60))).isNotEqualTo(UNREADABLE);
    for (int depth : new int[] {64, 1_000, 100_000}) {
      assertThat(read(Sample.INTENT, nested("[", "]", depth))).isEqualTo(UNREADABLE);
      assertThat(read(Sample.INTENT, nested("{\"latest_charge\":", "}", depth)))
          .isEqualTo(UNREADABLE);
    }
  }

  private static String nested(String open, String close, int depth) {
    return "{\"unheard_of\":"
        + open.repeat(depth)
        + "1"
        + close.repeat(depth)
        + ","
        + Sample.INTENT.json.substring(1);
  }

  @Test
  void anAmountIsAWholeNumberOrNone() {
    for (String amount : List.of("10.5", "10.0", "1e3", "\"1099\"", "9223372036854775808")) {
      String odd = INTENT.replace("\"amount\":1099", "\"amount\":" + amount);
      assertThat(odd).isNotEqualTo(INTENT);
      assertThatThrownBy(() -> StripeReader.intent(odd)).isInstanceOf(IOException.class);
    }
  }

  // ---- pages

  @Test
  void readsPages() throws IOException {
    var page =
        StripeReader.page(
            "{\"object\":\"list\",\"has_more\":true,\"data\":[" + INTENT + "," + INTENT + "]}",
            StripeReader::namedIntent);
    assertThat(page.hasMore()).isTrue();
    assertThat(page.data())
        .containsExactly(StripeReader.intent(INTENT), StripeReader.intent(INTENT));
    for (String none : List.of("{}", "{\"data\":null,\"has_more\":null}")) {
      assertThat(StripeReader.page(none, StripeReader::namedIntent).data()).isNull();
    }
    for (String odd :
        List.of(
            "{\"data\":{}}",
            "{\"data\":[null]}",
            "{\"data\":[[]]}",
            "{\"data\":[{\"object\":\"charge\"}]}",
            "{\"data\":[],\"has_more\":\"yes\"}",
            "{\"data\":[" + INTENT)) {
      assertThatThrownBy(() -> StripeReader.page(odd, StripeReader::namedIntent))
          .as(odd)
          .isInstanceOf(IOException.class);
    }
  }

  // ---- tools

  private static final String UNREADABLE = "unreadable";
  private static final Object NO_ERROR = Optional.empty();

  private static void holds(Sample sample, String json, boolean isStricter) {
    Object read = read(sample, json);
    Object modelled = modelled(sample, json);
    if (isStricter && (read.equals(UNREADABLE) || read.equals(NO_ERROR))) {
      return;
    }
    if (sample == Sample.ERROR && (modelled.equals(UNREADABLE) || modelled.equals(NO_ERROR))) {
      // stripe-java fails on an error without a type; to us it is one of which nothing follows.
      assertThat(read)
          .as(json)
          .satisfiesAnyOf(
              told -> assertThat(told).isEqualTo(NO_ERROR),
              told ->
                  assertThat(((Optional<?>) told).orElseThrow())
                      .hasFieldOrPropertyWithValue("type", null));
      return;
    }
    assertThat(read).as(json).isEqualTo(modelled);
  }

  /**
   * Where the models make up a number for what is none, a map for a list, and a charge for another
   * object, nothing is read. stripe-java cuts an amount of 10.5 down to 10, and takes 2 to the
   * power of 64 for 0.
   */
  private static boolean isStricter(List<Object> path, String value) {
    String name = String.valueOf(path.getLast());
    if (NUMBERS.contains(name)) {
      return value.startsWith("\"")
          || List.of("7.5", "1e3", "1e400", "9223372036854775808").contains(value);
    }
    // The models look at what another object says that it is only when somebody asks for it.
    boolean named = name.equals("object");
    return (name.equals("metadata") && value.equals("[]"))
        || (isChargeUnasked(named ? path.subList(0, path.size() - 1) : path)
            && (named || value.contains("\"object\":\"refund\"")));
  }

  /** A refund's charge, and the one of its intent. */
  private static boolean isChargeUnasked(List<Object> path) {
    return !path.isEmpty()
        && (path.getLast().equals("charge")
            || (path.getLast().equals("latest_charge")
                && path.getFirst().equals("payment_intent")));
  }

  private static Object read(Sample sample, String json) {
    try {
      return sample.read(json);
    } catch (IOException unreadable) {
      return UNREADABLE;
    }
  }

  private static Object modelled(Sample sample, String json) {
    try {
      return sample.modelled(json);
    } catch (StripeException | RuntimeException unreadable) {
      return UNREADABLE;
    }
  }

  /** The paths of all fields and elements in an object. */
  private static List<List<Object>> paths(Object in, List<Object> above) {
    var paths = new ArrayList<List<Object>>();
    if (in instanceof JsonObject object) {
      for (String name : object.fieldNames()) {
        addPaths(paths, above, name, object.getValue(name));
      }
    } else if (in instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        addPaths(paths, above, i, array.getValue(i));
      }
    }
    return paths;
  }

  private static void addPaths(
      List<List<Object>> paths, List<Object> above, Object step, Object value) {
    var path = new ArrayList<Object>(above);
    path.add(step);
    paths.add(path);
    paths.addAll(paths(value, path));
  }

  private static String with(String json, List<Object> path, String value) {
    JsonObject root = new JsonObject(json);
    Object parent = parent(root, path);
    if (parent instanceof JsonObject object) {
      object.put((String) path.getLast(), "@here@");
    } else {
      ((JsonArray) parent).set((Integer) path.getLast(), "@here@");
    }
    return root.encode().replace("\"@here@\"", value);
  }

  private static String without(String json, List<Object> path) {
    JsonObject root = new JsonObject(json);
    if (parent(root, path) instanceof JsonObject object) {
      object.remove((String) path.getLast());
    }
    return root.encode();
  }

  private static Object parent(JsonObject root, List<Object> path) {
    Object parent = root;
    for (Object step : path.subList(0, path.size() - 1)) {
      parent =
          Objects.requireNonNull(
              parent instanceof JsonObject object
                  ? object.getValue((String) step)
                  : ((JsonArray) parent).getValue((Integer) step));
    }
    return parent;
  }
}
