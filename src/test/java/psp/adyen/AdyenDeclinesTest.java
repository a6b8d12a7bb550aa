package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.stream.Collectors;
import money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Decline;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspResult;
import psp.PspResult.Accepted;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.Sendings;

/** Adyen's reasons for a no, each as Adyen answers with it. */
final class AdyenDeclinesTest {
  private static final Path DECK = Path.of("../shared/decks/adyen-deck.tsv");

  /** Every answer code of an acquirer, what Adyen makes of it, and what we do. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | Error | Unknown | GENERIC_DECLINE",
        "1 | Authorised | | approved",
        "2 | Refused | Refused | GENERIC_DECLINE",
        "3 | Refused | Referral | CALL_ISSUER",
        "4 | Error | Acquirer Error | PROCESSING_ERROR",
        "5 | Refused | Blocked Card | PICKUP_CARD",
        "6 | Refused | Expired Card | EXPIRED_CARD",
        "7 | Refused | Invalid Amount | INVALID_AMOUNT",
        "8 | Refused | Invalid Card Number | INCORRECT_NUMBER",
        "9 | Refused | Issuer Unavailable | ISSUER_NOT_AVAILABLE",
        "10 | Refused | Not supported | CARD_NOT_SUPPORTED",
        "11 | Refused | 3D Not Authenticated | AUTHENTICATION_FAILED",
        "12 | Refused | Not enough balance | INSUFFICIENT_FUNDS",
        "13 | Received | | accepted",
        "14 | Refused | Acquirer Fraud | FRAUDULENT",
        "15 | Refused | Cancelled | NO_ACTION_TAKEN",
        "16 | Refused | Shopper Cancelled | AUTHENTICATION_FAILED",
        "17 | Refused | Invalid Pin | INCORRECT_PIN",
        "18 | Refused | Pin tries exceeded | PIN_TRY_EXCEEDED",
        "19 | Refused | Pin validation not possible | ONLINE_OR_OFFLINE_PIN_REQUIRED",
        "20 | Refused | FRAUD | FRAUDULENT",
        "21 | Refused | Not Submitted | PROCESSING_ERROR",
        "22 | Cancelled | FRAUD-CANCELLED | FRAUDULENT",
        "23 | Refused | Transaction Not Permitted | TRANSACTION_NOT_ALLOWED",
        "24 | Refused | CVC Declined | INCORRECT_CVC",
        "25 | Refused | Restricted Card | RESTRICTED_CARD",
        "26 | Refused | Revocation Of Auth | REVOCATION_OF_AUTHORIZATION",
        "27 | Refused | Declined Non Generic | DO_NOT_HONOR",
        "28 | Refused | Withdrawal amount exceeded | CARD_VELOCITY_EXCEEDED",
        "29 | Refused | Withdrawal count exceeded | WITHDRAWAL_COUNT_LIMIT_EXCEEDED",
        "30 | Authorised | | approved",
        "31 | Refused | Issuer Suspected Fraud | FRAUDULENT",
        "32 | Refused | AVS Declined | INCORRECT_ADDRESS",
        "33 | Refused | Card requires online pin | ONLINE_OR_OFFLINE_PIN_REQUIRED",
        "34 | Refused | No checking account available on Card | INVALID_ACCOUNT",
        "35 | Refused | No savings account available on Card | INVALID_ACCOUNT",
        "36 | Refused | Mobile PIN required | ONLINE_OR_OFFLINE_PIN_REQUIRED",
        "37 | Refused | Contactless fallback | CARD_NOT_SUPPORTED",
        "38 | Refused | Authentication required | AUTHENTICATION_REQUIRED",
        "39 | Refused | RReq not received from DS | AUTHENTICATION_FAILED",
        "40 | Refused | Current AID is in Penalty Box. | CARD_NOT_SUPPORTED",
        "41 | Refused | CVM Required Restart Payment | CARD_NOT_SUPPORTED",
        "42 | Refused | 3DS Authentication Error | AUTHENTICATION_FAILED",
        "43 | Refused | Online PIN required | ONLINE_OR_OFFLINE_PIN_REQUIRED",
        "44 | Refused | Try another interface | CARD_NOT_SUPPORTED",
        "45 | Refused | Chip downgrade mode | CARD_NOT_SUPPORTED",
        "46 | Refused | Transaction blocked by Adyen to prevent excessive retry fees"
            + " | DO_NOT_TRY_AGAIN",
      })
  void mapsEachAnswerOfAnAcquirer(String code, String result, String reason, String ours) {
    var answer =
        new JsonObject()
            .put("pspReference", "PSP1")
            .put("resultCode", result)
            .put("amount", new JsonObject().put("currency", "EUR").put("value", 1099));
    if (reason != null) {
      answer.put("refusalReason", reason).put("refusalReasonCode", code);
    }
    PspResult mapped =
        AdyenMapping.ofAnswer(
            Sendings.sending("adyen_test", OperationKind.AUTHORIZE, 1),
            new AdyenAnswer(200, answer, false, null));
    switch (mapped) {
      case Approved approved -> {
        assertThat(ours).isEqualTo("approved");
        assertThat(approved.amount()).isEqualTo(Money.of(1099, "eur"));
      }
      case Accepted accepted -> assertThat(ours).isEqualTo("accepted");
      case Declined declined -> {
        assertThat(declined.decline().code()).isEqualTo(DeclineCode.valueOf(ours));
        assertThat(declined.decline().rawCode()).isEqualTo(code);
        assertThat(declined.decline().rawMessage()).isEqualTo(reason);
        assertThat(declined.reference()).isEqualTo("PSP1");
        // Webhooks tell the text alone.
        assertThat(AdyenDeclines.ofRefusal(null, reason, null)).isEqualTo(declined.decline());
      }
      default -> throw new AssertionError(mapped);
    }
  }

  /** Where the list of published outcomes is at hand, none of it is missing above. */
  @Test
  void knowsEveryReasonOfThePublishedList() throws IOException {
    assumeThat(DECK).exists();
    for (String line : Files.readAllLines(DECK)) {
      String[] parts = line.split("\t", -1);
      if (parts[0].matches("\\d+") && !parts[3].equals("-")) {
        assertThat(AdyenDeclines.ofRefusal(parts[0], parts[3], null))
            .isEqualTo(AdyenDeclines.ofRefusal(null, parts[3], null));
        assertThat(AdyenDeclines.REASONS).containsKey(parts[0]);
      }
    }
  }

  @Test
  void aReasonThatIsNotKnownIsGenericWithItsWordsKept() {
    Decline decline = AdyenDeclines.ofRefusal("99", "Something new", null);
    assertThat(decline)
        .isEqualTo(new Decline(DeclineCode.UNLISTED_DECLINE, "99", "Something new", null, null));
    assertThat(AdyenDeclines.ofRefusal(null, null, null).code())
        .isEqualTo(DeclineCode.UNLISTED_DECLINE);
  }

  @ParameterizedTest
  @CsvSource({
    "41 : Lost card, LOST_CARD, 5/41",
    "43 : Stolen card, STOLEN_CARD, 5/43",
    "04 : Pick up card, PICKUP_CARD, 5/04",
  })
  void anIssuersOwnCodeTellsWhyACardIsBlocked(String raw, DeclineCode code, String rawCode) {
    Decline decline =
        AdyenDeclines.ofRefusal("5", "Blocked Card", new JsonObject().put("refusalReasonRaw", raw));
    assertThat(decline.code()).isEqualTo(code);
    assertThat(decline.rawCode()).isEqualTo(rawCode);
  }

  @ParameterizedTest
  @CsvSource({
    "01, confirm_card_data",
    "01: New account information available, confirm_card_data",
    "02, try_again_later",
    "24 : Retry after 1 hour, try_again_later",
    "03, do_not_try_again",
    "21, do_not_try_again",
    "40, ",
    "x, ",
  })
  void aNetworksAdviceIsToldInStripesWords(String merchantAdvice, String advice) {
    assertThat(
            AdyenDeclines.ofRefusal(
                    "2", "Refused", new JsonObject().put("merchantAdviceCode", merchantAdvice))
                .adviceCode())
        .isEqualTo(advice);
  }

  @Test
  void theDocumentShowsBothTables() throws IOException {
    String document = Files.readString(Path.of("docs/decline-codes.md"));
    String reasons =
        AdyenDeclines.REASONS.entrySet().stream()
            .sorted(Comparator.comparingInt(entry -> Integer.parseInt(entry.getKey())))
            .map(
                entry ->
                    "| %s | %s | `%s` |\n"
                        .formatted(
                            entry.getKey(), entry.getValue().text(), entry.getValue().code()))
            .collect(Collectors.joining());
    assertThat(document).contains(reasons);
    String errors =
        new TreeMap<>(AdyenDeclines.ERRORS)
            .entrySet().stream()
                .map(entry -> "| `%s` | `%s` |\n".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    assertThat(document).contains(errors);
  }
}
