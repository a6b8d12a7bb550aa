package psp.routing;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.AttemptOutcome;
import payments.Decline;
import payments.DeclineCode;
import payments.MastercardAdvice;

/**
 * Whether a payment that was refused may be tried at another account at once. It has to be a
 * definite no, of a code that may be tried there ({@link DeclineCode.Retry#OTHER_PSP}), and nothing
 * that the PSP or the network says beside it may speak against it: networks fine who repeats what
 * an issuer has refused for good. docs/decline-codes.md lists their codes, and a test holds it to
 * this.
 */
public final class Elsewhere {
  /**
   * Visa's category 1, "issuer will never approve" (Visa rules, "Decline response codes"): not
   * again on any way.
   */
  static final Set<String> VISA_NEVER =
      Set.of("04", "07", "12", "14", "15", "41", "43", "46", "57", "R0", "R1", "R3");

  private static final Set<String> ADVICE_AGAINST = Set.of("do_not_try_again", "confirm_card_data");

  private Elsewhere() {}

  /** Yes or no, and why. */
  public record Verdict(boolean allowed, String why) {}

  /** What is to be done with a refusal. */
  public static Verdict of(Decline decline, AttemptOutcome outcome) {
    String name = decline.code().name().toLowerCase(Locale.ROOT);
    String advice = decline.adviceCode();
    if (isOneOf(ADVICE_AGAINST, advice) || isOneOf(MastercardAdvice.NOT_AT_ONCE, advice)) {
      return no("the PSP advises " + advice);
    }
    String networkAdvice = outcome.networkAdviceCode();
    if (isOneOf(MastercardAdvice.NOT_AT_ONCE, networkAdvice)) {
      return no("the network advises " + networkAdvice);
    }
    String network = outcome.networkDeclineCode();
    if (isOneOf(VISA_NEVER, network)) {
      return no("the network's code " + network + " is never approved");
    }
    if ("blocked".equals(outcome.type())) {
      return no("the PSP blocked it as a risk");
    }
    return decline.code().retry() == DeclineCode.Retry.OTHER_PSP
        ? new Verdict(true, name + " may be tried at another account")
        : no(name + " is not tried at another account");
  }

  private static Verdict no(String why) {
    return new Verdict(false, why);
  }

  private static boolean isOneOf(Set<String> codes, @Nullable String code) {
    return code != null && codes.contains(code);
  }
}
