package app;

import static org.assertj.core.api.Assertions.assertThat;

import config.Secret;
import org.junit.jupiter.api.Test;

/** Proofs that only a PSP account's secret makes. */
final class AccountProofTest {
  private static final AccountProof PROOF = new AccountProof(new Secret("sk_test_simulator"));

  @Test
  void isTheSameForTheSameSecretAndText() {
    assertThat(PROOF.of("acme/test/k")).matches("[A-Za-z0-9_-]{24}");
    assertThat(new AccountProof(new Secret("sk_test_simulator")).of("acme/test/k"))
        .isEqualTo(PROOF.of("acme/test/k"));
  }

  /** Made in another way, a retry after a restore would be another request under the same key. */
  @Test
  void neverChanges() {
    assertThat(PROOF.of("acme/test/k")).isEqualTo("qsUJnFHpJCseNtmtxjZd901g");
  }

  @Test
  void isAnotherForAnyOther() {
    assertThat(PROOF.of("acme/test/k"))
        .isNotEqualTo(PROOF.of("acme/live/k"))
        .isNotEqualTo(new AccountProof(new Secret("sk_test_simulator2")).of("acme/test/k"));
  }
}
