package psp.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import payments.AttemptOutcome;
import payments.Decline;
import payments.DeclineCode;

/** Which refusals may be tried at another account at once. */
class ElsewhereTest {
  private static final Path DOCUMENT = Path.of("docs/decline-codes.md");

  @Test
  void theDocumentListsExactlyTheReasonsThatMayBeTriedElsewhere() throws IOException {
    String table =
        Arrays.stream(DeclineCode.values())
            .map(
                code ->
                    "| `%s` | %s |\n".formatted(code, Elsewhere.allows(code) ? "**yes**" : "no"))
            .collect(Collectors.joining());
    assertThat(Files.readString(DOCUMENT))
        .contains(table)
        .contains(listed(Elsewhere.VISA_NEVER))
        .contains(listed(Elsewhere.MASTERCARD_NEVER));
  }

  private static String listed(Iterable<String> codes) {
    var sorted = new TreeSet<String>();
    codes.forEach(sorted::add);
    return "`" + String.join("`, `", sorted) + "`";
  }

  /** Whatever is never to be tried with this card, or needs another one, is not tried elsewhere. */
  @ParameterizedTest
  @EnumSource(DeclineCode.class)
  void respectsWhatMayBeTriedAfterIt(DeclineCode code) {
    switch (code.retry()) {
      case NEVER, OTHER_CARD, AUTHENTICATE -> assertThat(Elsewhere.allows(code)).isFalse();
      case OTHER_PSP -> assertThat(Elsewhere.allows(code)).isTrue();
      case LATER ->
          assertThat(Elsewhere.allows(code))
              .isEqualTo(
                  code == DeclineCode.GENERIC_DECLINE
                      || code == DeclineCode.DO_NOT_HONOR
                      || code == DeclineCode.NO_ACTION_TAKEN);
    }
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
    return new AttemptOutcome(null, type, null, null, null, null, network, null, null);
  }
}
