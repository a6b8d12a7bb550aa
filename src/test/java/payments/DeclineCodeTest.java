package payments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.DeclineCode.Retry;

/** Our one list of declines: names that are found again, messages that any customer may read. */
class DeclineCodeTest {

  @Test
  void noTwoCodesShareADeclineCode() {
    assertThat(
            Arrays.stream(DeclineCode.values())
                .filter(code -> code != DeclineCode.UNLISTED_DECLINE)
                .map(DeclineCode::declineCode)
                .filter(Objects::nonNull))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(DeclineCode.class)
  void aCodeIsFoundByItsDeclineCode(DeclineCode code) {
    String name = code.declineCode();
    if (code == DeclineCode.UNLISTED_DECLINE) {
      assertThat(name).as("what Stripe calls it").isEqualTo("generic_decline");
    } else if (name != null) {
      assertThat(DeclineCode.ofDeclineCode(name)).contains(code);
      assertThat(name).isEqualTo(code.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Stripe docs, "Error codes": what has a code of its own there is no card_declined. */
  @ParameterizedTest
  @EnumSource(DeclineCode.class)
  void aCodeIsTheErrorThatStripeMakesOfIt(DeclineCode code) {
    assertThat(code.errorCode())
        .isEqualTo(
            switch (code) {
              case EXPIRED_CARD,
                  INCORRECT_CVC,
                  INVALID_CVC,
                  INCORRECT_NUMBER,
                  INVALID_NUMBER,
                  INVALID_EXPIRY_MONTH,
                  INVALID_EXPIRY_YEAR,
                  INCORRECT_ZIP,
                  INCORRECT_ADDRESS,
                  PROCESSING_ERROR,
                  AUTHENTICATION_REQUIRED ->
                  code.declineCode();
              case AUTHENTICATION_FAILED -> "payment_intent_authentication_failure";
              case REFUSED_BY_PSP, KEY_REFUSED, PSP_UNAVAILABLE -> "processing_error";
              default -> "card_declined";
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unheard_of", "LOST_CARD", "card_declined"})
  void aCodeThatIsNotOnTheListIsNotFound(String name) {
    assertThat(DeclineCode.ofDeclineCode(name)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(DeclineCode.class)
  void theMessageNeverTellsAThiefThatTheCardIsKnown(DeclineCode code) {
    assertThat(code.message().toLowerCase(Locale.ROOT))
        .isNotBlank()
        .endsWith(".")
        .doesNotContain(
            "lost", "stolen", "fraud", "pick", "blacklist", "block", "suspect", "restrict", "risk");
  }

  @ParameterizedTest
  @EnumSource(
      value = DeclineCode.class,
      names = {
        "LOST_CARD",
        "STOLEN_CARD",
        "PICKUP_CARD",
        "RESTRICTED_CARD",
        "FRAUDULENT",
        "MERCHANT_BLACKLIST",
        "SECURITY_VIOLATION"
      })
  void aCardThatIsWatchedForReadsLikeAnyOtherDeclineAndIsNotTriedAgain(DeclineCode code) {
    assertThat(code.message()).isEqualTo(DeclineCode.GENERIC_DECLINE.message());
    assertThat(code.errorCode()).isEqualTo(DeclineCode.GENERIC_DECLINE.errorCode());
    assertThat(code.retry()).isEqualTo(Retry.NEVER);
  }

  @ParameterizedTest
  @EnumSource(DeclineCode.class)
  void onlyWhatIsNotTheCardholdersFaultOrHasNoCauseMayGoToAnotherPsp(DeclineCode code) {
    boolean theirs = code.retry() != Retry.OTHER_PSP;
    assertThat(theirs)
        .isEqualTo(
            switch (code) {
              case GENERIC_DECLINE,
                  DO_NOT_HONOR,
                  NO_ACTION_TAKEN,
                  ISSUER_NOT_AVAILABLE,
                  TRY_AGAIN_LATER,
                  REENTER_TRANSACTION,
                  PROCESSING_ERROR,
                  KEY_REFUSED,
                  PSP_UNAVAILABLE ->
                  false;
              default -> true;
            });
  }
}
