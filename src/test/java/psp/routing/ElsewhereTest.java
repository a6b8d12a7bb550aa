package psp.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.AttemptOutcome;
import payments.Decline;
import payments.DeclineCode;
import payments.MastercardAdvice;

/** Which refusals may be tried at another account at once. */
class ElsewhereTest {
  private static final Path DOCUMENT = Path.of("docs/decline-codes.md");

  @Test
  void theDocumentListsTheNetworksCodesThatSpeakAgainstIt() throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .contains(listed(Elsewhere.VISA_NEVER))
        .contains(listed(MastercardAdvice.NOT_AT_ONCE));
  }

  private static String listed(Iterable<String> codes) {
    var sorted = new TreeSet<String>();
    codes.forEach(sorted::add);
    return "`" + String.join("`, `", sorted) + "`";
  }

  @ParameterizedTest
  @EnumSource(DeclineCode.class)
  void onlyWhatMayGoToAnotherPspIsTriedThere(DeclineCode code) {
    assertThat(of(code, null, AttemptOutcome.NONE).allowed())
        .isEqualTo(code.retry() == DeclineCode.Retry.OTHER_PSP);
  }

  @Test
  void aReasonThatIsNotOnOurListIsNotTriedElsewhere() {
    assertThat(of(DeclineCode.UNLISTED_DECLINE, null, AttemptOutcome.NONE))
        .isEqualTo(
            new Elsewhere.Verdict(false, "unlisted_decline is not tried at another account"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"02", "03", "21", "24", "25", "26", "27", "28", "29", "30"})
  void aNetworksAdviceAgainstItIsFollowed(String advice) {
    var outcome =
        new AttemptOutcome(null, null, null, null, null, null, "05", null, null, null, advice);
    assertThat(of(DeclineCode.DO_NOT_HONOR, null, outcome))
        .isEqualTo(new Elsewhere.Verdict(false, "the network advises " + advice));
  }

  @ParameterizedTest
  @ValueSource(strings = {"do_not_try_again", "confirm_card_data", "03", "21"})
  void aPspsAdviceAgainstItIsFollowed(String advice) {
    assertThat(of(DeclineCode.DO_NOT_HONOR, advice, AttemptOutcome.NONE).allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"04", "07", "12", "14", "15", "41", "43", "46", "57", "R0", "R1", "R3"})
  void whatTheIssuerWillNeverApproveIsNotTriedAgain(String network) {
    assertThat(of(DeclineCode.GENERIC_DECLINE, null, outcome(null, network)).allowed()).isFalse();
  }

  @Test
  void whatAPspBlocksAsARiskIsNotTakenElsewhere() {
    assertThat(of(DeclineCode.GENERIC_DECLINE, null, outcome("blocked", null)).allowed()).isFalse();
  }

  @Test
  void softDeclinesAndFaultsOnTheWayMayBeTried() {
    assertThat(of(DeclineCode.DO_NOT_HONOR, null, outcome("issuer_declined", "05")))
        .isEqualTo(new Elsewhere.Verdict(true, "do_not_honor may be tried at another account"));
    assertThat(of(DeclineCode.PROCESSING_ERROR, "try_again_later", AttemptOutcome.NONE).allowed())
        .isTrue();
    assertThat(of(DeclineCode.PSP_UNAVAILABLE, "try_again_later", AttemptOutcome.NONE).allowed())
        .isTrue();
  }

  private static Elsewhere.Verdict of(
      DeclineCode code, @Nullable String advice, AttemptOutcome outcome) {
    return Elsewhere.of(new Decline(code, null, null, advice, null), outcome);
  }

  private static AttemptOutcome outcome(@Nullable String type, @Nullable String network) {
    return new AttemptOutcome(null, type, null, null, null, null, network, null, null, null, null);
  }
}
