package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import payments.OperationKind;

final class AdyenReferencesTest {
  @Test
  void knowsOurOwnReferencesAmongTheMerchantsOther() {
    assertThat(AdyenReferences.paymentKey("sluice-authorize-1")).isEqualTo("sluice-authorize-1");
    assertThat(AdyenReferences.paymentKey("order 7")).isNull();
    assertThat(AdyenReferences.paymentKey(null)).isNull();
  }

  @Test
  void aModificationUnderThePaymentsReferenceIsNotOurs() {
    String ours = AdyenReferences.ofModification(OperationKind.REFUND, "sluice-refund-1");
    assertThat(AdyenReferences.modificationKey(OperationKind.REFUND, ours))
        .isEqualTo("sluice-refund-1");
    assertThat(AdyenReferences.modificationKey(OperationKind.CAPTURE, ours)).isNull();
    assertThat(AdyenReferences.modificationKey(OperationKind.REFUND, "sluice-authorize-1"))
        .isNull();
    assertThat(AdyenReferences.modificationKey(OperationKind.REFUND, "refund/other")).isNull();
  }

  @Test
  void shortensKeysThatAdyenWouldRefuse() {
    String fits = "k".repeat(64);
    assertThat(AdyenReferences.idempotencyKey(fits)).isEqualTo(fits);
    String sent = AdyenReferences.idempotencyKey("k".repeat(65));
    assertThat(sent).hasSize(64).isEqualTo(AdyenReferences.idempotencyKey("k".repeat(65)));
    assertThat(sent).isNotEqualTo(AdyenReferences.idempotencyKey("k".repeat(66)));
  }

  @Test
  void tokensKeepTheirShopper() {
    assertThat(AdyenToken.of("cus_1/8415")).isEqualTo(new AdyenToken("cus_1", "8415"));
    assertThat(AdyenToken.of("8415")).isEqualTo(new AdyenToken(null, "8415"));
    assertThat(AdyenToken.of("/8415")).isEqualTo(new AdyenToken(null, "/8415"));
    for (String text : new String[] {"a/b/8415", "8415", "cus_1/8415"}) {
      assertThat(AdyenToken.of(text).text()).isEqualTo(text);
    }
  }
}
