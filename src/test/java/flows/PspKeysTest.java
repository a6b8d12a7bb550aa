package flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import payments.Customer;
import payments.OperationKind;
import payments.Parameters;
import payments.PublicId;
import payments.RequestContext;

/** The idempotency keys that PSPs know our operations by. */
class PspKeysTest {
  private static final UUID ID = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);
  private static final UUID OTHER_ID = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0002L);
  private static final String PATH = "/v1/payment_intents";

  /**
   * A merchant's retry after a deploy has to meet the PSP's memory: if this fails, the change would
   * charge twice. Do not change the literal; change back the code.
   */
  @Test
  void theKeyIsPinned() {
    assertThat(key("acme", false, PATH, "order-7", ID, "stripe_demo"))
        .isEqualTo("sluice-authorize-991ddcfb80fdc44db87cfe06c0700b6ef5724a64");
    assertThat(PspKeys.of(context("acme", false, PATH, "order-7"), OperationKind.REFUND, ID, 0))
        .isEqualTo("sluice-refund-cd15e31ef723fa37456250252ebbca90c450ba22");
  }

  @Test
  void theSameRequestHasTheSameKeyAlsoWhereOurIdsWereLost() {
    assertThat(key("acme", false, PATH, "order-7", ID, "a"))
        .isEqualTo(key("acme", false, PATH, "order-7", OTHER_ID, "a"));
  }

  /** A payment that a restored database forgot is made again under another id. */
  @Test
  void aStepOfAPaymentHasTheSameKeyUnderAnotherIdOfThePayment() {
    var confirm = context("acme", false, PATH + "/pi_1/confirm", "step-2");
    var again = context("acme", false, PATH + "/pi_2/confirm", "step-2");

    assertThat(PspKeys.ofAuthorize(again, OTHER_ID, "a"))
        .isEqualTo(PspKeys.ofAuthorize(confirm, ID, "a"))
        .isNotEqualTo(key("acme", false, PATH + "/pi_1/capture", "step-2", ID, "a"))
        .isNotEqualTo(key("acme", false, PATH + "/pi_1/confirm", "step-3", ID, "a"));
    assertThat(PspKeys.draw(again, OTHER_ID)).isEqualTo(PspKeys.draw(confirm, ID));
  }

  @Test
  void nothingElseOfTheRequestIsInIt() {
    var first = new RequestContext.Idempotency("order-7", PATH, "fingerprint-1");
    var again = new RequestContext.Idempotency("order-7", PATH, "fingerprint-2");
    var other = new RequestContext("acme", false, "req_2", "key_2", true, again, List.of("x"));

    assertThat(PspKeys.ofAuthorize(other, OTHER_ID, "a"))
        .isEqualTo(PspKeys.ofAuthorize(Given.context(first), ID, "a"));
  }

  @Test
  void anotherMerchantModePathKeyAccountPlaceOrKindIsAnotherKey() {
    var refund = new RequestContext.Idempotency("order-7", PATH, "fingerprint");

    assertThat(
            List.of(
                key("acme", false, PATH, "order-7", ID, "a"),
                key("acme2", false, PATH, "order-7", ID, "a"),
                key("acme", true, PATH, "order-7", ID, "a"),
                key("acme", false, PATH + "/pi_1/confirm", "order-7", ID, "a"),
                key("acme", false, PATH, "order-8", ID, "a"),
                key("acme", false, PATH, "ORDER-7", ID, "a"),
                key("acme", false, PATH, "order-7 ", ID, "a"),
                key("acme", false, PATH, "order-7", ID, "b"),
                PspKeys.of(Given.context(refund), OperationKind.REFUND, ID, 0),
                PspKeys.of(Given.context(refund), OperationKind.REFUND, ID, 1)))
        .doesNotHaveDuplicates();
  }

  @Test
  void noTextInOnePartStandsForAnother() {
    assertThat(
            List.of(
                key("a", false, "b", "c", ID, "a"),
                key("a", false, "b\nc", "", ID, "a"),
                key("a", false, "", "b\nc", ID, "a"),
                key("a\ntest\nb", false, "c", "", ID, "a"),
                key("a", false, "b", "c\n0", ID, "a"),
                key("a", false, "b", "c1", ID, "a"),
                key("a", false, "b", "c", ID, "a0"),
                key("a", false, "b", "1:c", ID, "a"),
                key("a", false, "b1:c", "", ID, "a")))
        .doesNotHaveDuplicates();
    assertThat(vault("k", "a", "b")).isNotEqualTo(vault("k", "a\nb"));
    assertThat(vault("k\na", "b")).isNotEqualTo(vault("k", "a\nb"));
    assertThat(vault("k", "ab", "")).isNotEqualTo(vault("k", "a", "b"));
  }

  @Property
  void partsThatDifferMakeKeysThatDiffer(
      @ForAll @StringLength(max = 3) String merchant,
      @ForAll @StringLength(max = 3) String path,
      @ForAll @StringLength(max = 3) String key) {
    // The same letters, with one moved from each part to the next.
    String all = merchant + path + key;
    for (int first = 0; first <= all.length(); first++) {
      String a = all.substring(0, first);
      String b = all.substring(first);
      boolean same = merchant.equals(a) && path.equals(b) && key.isEmpty();
      assertThat(key(a, false, b, "", ID, "a").equals(key(merchant, false, path, key, ID, "a")))
          .isEqualTo(same);
    }
  }

  @Test
  void withoutAMerchantsKeyItComesFromTheOperation() {
    String first = PspKeys.of(Given.context(null), OperationKind.CAPTURE, ID, 0);

    assertThat(first).isEqualTo(PspKeys.of(Given.context(null), OperationKind.CAPTURE, ID, 0));
    assertThat(first)
        .isNotEqualTo(PspKeys.of(Given.context(null), OperationKind.CAPTURE, OTHER_ID, 0));
    assertThat(first).startsWith("sluice-capture-");
  }

  @Property
  void everyKeyIsOneThatStripeTakes(
      @ForAll String merchant,
      @ForAll String path,
      @ForAll String key,
      @ForAll OperationKind kind) {
    var context = context(merchant, true, path, key);

    // Stripe docs, "Idempotent requests": up to 255 characters.
    assertThat(PspKeys.of(context, kind, ID, 3)).matches("sluice-[a-z_]+-[0-9a-f]{40}");
    assertThat(PspKeys.of(context, kind, ID, 3).length()).isLessThan(255);
    assertThat(PspKeys.of(Given.context(null), kind, ID, 3)).matches("sluice-[a-z_]+-\\w{22}");
  }

  @Test
  void aVaultsKeyIsOfItsOwnRequestCallAndParameters() {
    assertThat(vault("k", "a", "b")).isEqualTo(vault("k", "a", "b"));
    assertThat(
            List.of(
                vault("k", "a", "b"),
                vault("k", "b", "a"),
                vault("k2", "a", "b"),
                PspKeys.ofVault(context("acme", false, PATH, "k"), "detach", ID, "a", "b"),
                PspKeys.ofVault(Given.context(null), "attach", ID, "a", "b"),
                PspKeys.ofVault(Given.context(null), "attach", OTHER_ID, "a", "b")))
        .doesNotHaveDuplicates();
  }

  @Test
  void aTwinsKeyIsTheSameUntilTheCustomerChanges() {
    assertThat(PspKeys.ofTwin(customer(1), "stripe_demo"))
        .isEqualTo(PspKeys.ofTwin(customer(1), "stripe_demo"))
        .isNotEqualTo(PspKeys.ofTwin(customer(2), "stripe_demo"))
        .isNotEqualTo(PspKeys.ofTwin(customer(1), "adyen_demo"));
  }

  @Test
  void aSplitIsDrawnByTheMerchantsKeyAndElseByThePayment() {
    var keyed = context("acme", false, PATH, "order-7");
    var unkeyed = Given.context(null);

    assertThat(PspKeys.draw(keyed, ID))
        .matches("[0-9a-f]{40}")
        .isEqualTo(PspKeys.draw(keyed, OTHER_ID))
        .isNotEqualTo(PspKeys.draw(context("acme", false, PATH, "order-8"), ID));
    assertThat(PspKeys.draw(unkeyed, ID))
        .isEqualTo(PublicId.digits(ID))
        .isNotEqualTo(PspKeys.draw(unkeyed, OTHER_ID));
  }

  /** What a customer brings twice is told to the PSP once. */
  @Test
  void whatACustomerCameBackWithIsKnownAgainInAnyOrder() {
    var details = new LinkedHashMap<String, String>();
    details.put("redirectResult", "abc");
    details.put("payload", "def");
    var turned = new LinkedHashMap<String, String>();
    turned.put("payload", "def");
    turned.put("redirectResult", "abc");

    assertThat(PspKeys.ofDetails(details))
        .matches("[0-9a-f]{40}")
        .isEqualTo(PspKeys.ofDetails(turned));
    assertThat(
            List.of(
                PspKeys.ofDetails(details),
                PspKeys.ofDetails(Map.of()),
                PspKeys.ofDetails(Map.of("redirectResult", "abc")),
                PspKeys.ofDetails(Map.of("payload", "abc", "redirectResult", "def")),
                PspKeys.ofDetails(Map.of("redirectResult", "abc", "payload", "deg")),
                PspKeys.ofDetails(Map.of("redirectResult", "abcpayloaddef"))))
        .doesNotHaveDuplicates();
  }

  private static Customer customer(long version) {
    return new Customer("acme", false, ID, version, false, new Parameters(Map.of()));
  }

  private static String vault(String key, String... about) {
    return PspKeys.ofVault(context("acme", false, PATH, key), "attach", ID, about);
  }

  private static String key(
      String merchant, boolean livemode, String path, String key, UUID id, String accountId) {
    return PspKeys.ofAuthorize(context(merchant, livemode, path, key), id, accountId);
  }

  private static RequestContext context(
      String merchant, boolean livemode, String path, String key) {
    return new RequestContext(
        merchant,
        livemode,
        "req_1",
        "key_1",
        false,
        new RequestContext.Idempotency(key, path, "fingerprint"),
        List.of());
  }
}
