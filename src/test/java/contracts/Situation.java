package contracts;

import static contracts.Asking.ask;
import static contracts.Asking.repeat;
import static contracts.Asking.search;
import static contracts.Asking.send;
import static contracts.Expectation.only;
import static contracts.Expectation.with;
import static contracts.Expectation.without;
import static contracts.Trait.AUTHORIZES_ONLY_BY_OUR_WORD;
import static contracts.Trait.MARKS_REPLAYS;
import static contracts.Trait.SHOWS_WHAT_IT_DID;
import static contracts.Trait.TELLS_LATER;
import static payments.OperationKind.AUTHORIZE;
import static payments.OperationKind.CAPTURE;
import static payments.OperationKind.COMPLETE_AUTHENTICATION;
import static payments.OperationKind.REFUND;
import static payments.OperationKind.VOID;

import contracts.Asking.Wire;
import contracts.Expectation.Otherwise;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A way in which a call to a PSP may go, and what any adapter must make of it. */
@SuppressWarnings("ImmutableEnumChecker") // its fields are records, and immutable
enum Situation {
  TAKEN_AT_ONCE(send(AUTHORIZE), "approved, taken, 1099 usd"),
  HELD(send(AUTHORIZE), "approved, held, 1099 usd"),
  REPLAYED_SUCCESS(repeat(AUTHORIZE), "approved, taken, 1099 usd"),
  ANOTHER_AMOUNT(send(AUTHORIZE), "approved, taken, 7 usd"),
  ANOTHER_CURRENCY(send(AUTHORIZE), "approved, taken, 1099 eur"),
  NO_AMOUNT(send(AUTHORIZE), "unknown: UNREADABLE"),

  DECLINED(send(AUTHORIZE), "declined as GENERIC_DECLINE, other psp"),
  ISSUER_UNAVAILABLE(send(AUTHORIZE), "declined as ISSUER_NOT_AVAILABLE, other psp"),
  PROCESSING_ERROR(send(AUTHORIZE), "declined as PROCESSING_ERROR, other psp"),
  DECLINED_WITH_ADVICE(
      send(AUTHORIZE), "declined as GENERIC_DECLINE, other psp, advice do_not_try_again"),
  INSUFFICIENT_FUNDS(send(AUTHORIZE), "declined as INSUFFICIENT_FUNDS, later"),
  NEW_REASON(send(AUTHORIZE), "declined as UNLISTED_DECLINE, later"),
  EXPIRED_CARD(send(AUTHORIZE), "declined as EXPIRED_CARD, other card"),
  WRONG_SECURITY_CODE(send(AUTHORIZE), "declined as INCORRECT_CVC, other card"),
  STOLEN_CARD(send(AUTHORIZE), "declined as STOLEN_CARD, never"),
  FRAUD(send(AUTHORIZE), "declined as FRAUDULENT, never"),
  AUTHENTICATION_REQUIRED(send(AUTHORIZE), "declined as AUTHENTICATION_REQUIRED, authenticate"),
  DECLINED_ON_A_REPEAT(repeat(AUTHORIZE), "declined as GENERIC_DECLINE, other psp"),

  CHALLENGED(send(AUTHORIZE), "action required at https://issuer.test/3ds"),
  PENDING(send(AUTHORIZE), "accepted"),
  UNKNOWN_STATUS(send(AUTHORIZE), "unknown: UNKNOWN_STATUS"),
  ACTION_THAT_IS_NO_REDIRECT(send(AUTHORIZE), "unknown: UNREADABLE"),

  AUTHENTICATED(
      send(COMPLETE_AUTHENTICATION), "approved, 1099 usd", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_ON_A_REPEAT(
      repeat(COMPLETE_AUTHENTICATION), "approved, 1099 usd", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  NOT_AUTHENTICATED(
      send(COMPLETE_AUTHENTICATION),
      "declined as AUTHENTICATION_FAILED, other card",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_AND_DECLINED(
      send(COMPLETE_AUTHENTICATION),
      "declined as INSUFFICIENT_FUNDS, later",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  CHALLENGED_AGAIN(
      send(COMPLETE_AUTHENTICATION),
      "action required at https://issuer.test/3ds",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_AND_PENDING(
      send(COMPLETE_AUTHENTICATION), "accepted", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_FOR_ANOTHER_PAYMENT(
      send(COMPLETE_AUTHENTICATION),
      "approved, 1099 usd, of another payment",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_FOR_NOBODY_KNOWS_WHAT(
      send(COMPLETE_AUTHENTICATION), "unknown: UNREADABLE", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_AND_UNKNOWN_STATUS(
      send(COMPLETE_AUTHENTICATION), "unknown: UNKNOWN_STATUS", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  AUTHENTICATED_FOR_ANOTHER_AMOUNT(
      send(COMPLETE_AUTHENTICATION), "approved, 7 usd", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  DETAILS_SENT_TOO_OFTEN(
      send(COMPLETE_AUTHENTICATION),
      "unknown: RATE_LIMITED, retry after 7",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  DETAILS_REFUSED(
      send(COMPLETE_AUTHENTICATION),
      "refused as REFUSED_BY_PSP: the authentication stands",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  DETAILS_REFUSED_ON_A_REPEAT(
      repeat(COMPLETE_AUTHENTICATION), "unknown: REFUSED_AGAIN", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  NOTHING_BROUGHT(
      send(COMPLETE_AUTHENTICATION),
      "refused as AUTHENTICATION_FAILED: the authentication stands, nothing sent",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  DETAILS_MEET_A_BAD_KEY(
      send(COMPLETE_AUTHENTICATION),
      "refused as KEY_REFUSED: the authentication stands",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  DETAILS_MEET_A_SERVER_ERROR(
      send(COMPLETE_AUTHENTICATION), "unknown: PSP_ERROR", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  ANSWER_TO_DETAILS_LOST(
      send(COMPLETE_AUTHENTICATION).over(Wire.BREAKS_BEFORE_THE_ANSWER),
      "unknown: CONNECTION_LOST",
      only(AUTHORIZES_ONLY_BY_OUR_WORD)),

  CAPTURED(send(CAPTURE), "approved, taken, 1099 usd", with(TELLS_LATER, "accepted")),
  CAPTURED_IN_PART(send(CAPTURE), "approved, taken, 700 usd", with(TELLS_LATER, "accepted")),
  CAPTURED_ANOTHER_AMOUNT(send(CAPTURE), "approved, taken, 7 usd", with(TELLS_LATER, "accepted")),
  CAPTURED_ANOTHER_CURRENCY(
      send(CAPTURE), "approved, taken, 1099 eur", with(TELLS_LATER, "accepted")),
  CAPTURE_PENDING(send(CAPTURE), "accepted"),
  CAPTURE_REFUSED(send(CAPTURE), "declined as REFUSED_BY_PSP, never"),
  CAPTURE_REFUSED_ON_A_REPEAT(repeat(CAPTURE), "unknown: REFUSED_AGAIN"),
  CAPTURE_OF_UNKNOWN_STATUS(send(CAPTURE), "unknown: UNKNOWN_STATUS"),
  CAPTURE_MEETS_A_SERVER_ERROR(send(CAPTURE), "unknown: PSP_ERROR"),
  LET_GO(send(VOID), "approved, 1099 usd", with(TELLS_LATER, "accepted")),
  RELEASE_REFUSED(send(VOID), "declined as REFUSED_BY_PSP, never"),
  RELEASE_OF_UNKNOWN_STATUS(send(VOID), "unknown: UNKNOWN_STATUS"),
  LET_GO_BY_OUR_KEY(
      send(VOID),
      "approved, 1099 usd",
      only(AUTHORIZES_ONLY_BY_OUR_WORD),
      with(TELLS_LATER, "accepted")),
  LET_GO_BY_OUR_KEY_ON_A_REPEAT(
      repeat(VOID),
      "approved, 1099 usd",
      only(AUTHORIZES_ONLY_BY_OUR_WORD),
      with(TELLS_LATER, "accepted")),
  RELEASE_BY_OUR_KEY_REFUSED(
      send(VOID), "declined as REFUSED_BY_PSP, never", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  RELEASE_BY_OUR_KEY_REFUSED_ON_A_REPEAT(
      repeat(VOID), "unknown: REFUSED_AGAIN", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  RELEASE_BY_OUR_KEY_MEETS_A_BAD_KEY(
      send(VOID), "declined as KEY_REFUSED, other psp", only(AUTHORIZES_ONLY_BY_OUR_WORD)),
  REFUNDED(send(REFUND), "approved, 1099 usd", with(TELLS_LATER, "accepted")),
  REFUNDED_IN_PART(send(REFUND), "approved, 700 usd", with(TELLS_LATER, "accepted")),
  REFUNDED_ANOTHER_AMOUNT(send(REFUND), "approved, 7 usd", with(TELLS_LATER, "accepted")),
  REFUNDED_ANOTHER_CURRENCY(send(REFUND), "approved, 1099 eur", with(TELLS_LATER, "accepted")),
  REFUND_PENDING(send(REFUND), "accepted"),
  REFUND_FAILED(send(REFUND), "declined as REFUSED_BY_PSP, never", with(TELLS_LATER, "accepted")),
  REFUND_REFUSED(send(REFUND), "declined as REFUSED_BY_PSP, never"),
  REFUND_REFUSED_ON_A_REPEAT(repeat(REFUND), "unknown: REFUSED_AGAIN"),
  REFUND_OF_UNKNOWN_STATUS(send(REFUND), "unknown: UNKNOWN_STATUS"),
  REFUND_MEETS_A_SERVER_ERROR(send(REFUND), "unknown: PSP_ERROR"),
  REVERSED(send(REFUND), "approved, 1099 usd", with(TELLS_LATER, "accepted")),
  REVERSAL_REFUSED(send(REFUND), "declined as REFUSED_BY_PSP, never"),
  REVERSAL_REFUSED_ON_A_REPEAT(repeat(REFUND), "unknown: REFUSED_AGAIN"),
  REVERSAL_OF_UNKNOWN_STATUS(send(REFUND), "unknown: UNKNOWN_STATUS"),

  ASKED_AND_TAKEN(ask(AUTHORIZE), "approved, taken, 1099 usd"),
  ASKED_AND_DECLINED(ask(AUTHORIZE), "declined as GENERIC_DECLINE, other psp"),
  ASKED_AND_CHALLENGED(ask(AUTHORIZE), "action required at https://issuer.test/3ds"),
  ASKED_AND_PENDING(ask(AUTHORIZE), "accepted"),
  ASKED_AND_ANOTHER_AMOUNT(ask(AUTHORIZE), "approved, taken, 7 usd"),
  ASKED_AND_UNKNOWN_STATUS(ask(AUTHORIZE), "unknown: UNKNOWN_STATUS"),
  ASKED_AND_NOT_FOUND(ask(AUTHORIZE), "unknown: NOT_FOUND"),
  ASKED_WITH_A_BAD_KEY(ask(AUTHORIZE), "unknown: UNAUTHORIZED"),
  ASKED_TOO_OFTEN(ask(AUTHORIZE), "unknown: RATE_LIMITED, retry after 7"),
  ASKED_AND_SERVER_ERROR(ask(AUTHORIZE), "unknown: PSP_ERROR"),
  ASKED_AND_NO_ANSWER_IN_TIME(ask(AUTHORIZE).over(Wire.NEVER_ANSWERS), "unknown: TIMEOUT"),
  ASKED_AND_CONNECTION_REFUSED(ask(AUTHORIZE).over(Wire.REFUSES_CONNECTIONS), "unknown: NOT_ASKED"),
  ASKED_WHEN_THE_KEY_IS_FORGOTTEN(
      ask(AUTHORIZE).late(),
      "approved, taken, 1099 usd",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  SEARCHED_AND_FOUND(
      search(AUTHORIZE),
      "approved, taken, 1099 usd",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  SEARCHED_AND_NOT_FOUND(
      search(AUTHORIZE),
      "unknown: NOT_FOUND",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  ASKED_ABOUT_A_CAPTURE(
      ask(CAPTURE),
      "approved, taken, 1099 usd",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  ASKED_ABOUT_A_CAPTURE_NOT_DONE(
      ask(CAPTURE),
      "unknown: NOT_FOUND",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  ASKED_ABOUT_A_RELEASE(
      ask(VOID),
      "approved, 1099 usd",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  ASKED_ABOUT_A_REFUND(
      ask(REFUND),
      "approved, 1099 usd",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  SEARCHED_FOR_A_REFUND(
      search(REFUND),
      "approved, 1099 usd",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),
  SEARCHED_FOR_A_REFUND_IN_VAIN(
      search(REFUND),
      "unknown: NOT_FOUND",
      without(SHOWS_WHAT_IT_DID, "unknown: NOT_FOUND, nothing sent")),

  BAD_PARAMETER(send(AUTHORIZE), "declined as REFUSED_BY_PSP, never"),
  BAD_PARAMETER_ON_A_REPEAT(repeat(AUTHORIZE), "unknown: REFUSED_AGAIN"),
  REPLAYED_BAD_PARAMETER(
      repeat(AUTHORIZE), "declined as REFUSED_BY_PSP, never", only(MARKS_REPLAYS)),
  BAD_KEY(send(AUTHORIZE), "declined as KEY_REFUSED, other psp"),
  BAD_KEY_ON_A_REPEAT(repeat(AUTHORIZE), "unknown: UNAUTHORIZED"),
  TOO_MANY_REQUESTS(send(AUTHORIZE), "unknown: RATE_LIMITED, retry after 7"),
  KEY_IN_USE(send(AUTHORIZE), "unknown: IN_PROGRESS"),
  SERVER_ERROR(send(AUTHORIZE), "unknown: PSP_ERROR"),
  REPLAYED_SERVER_ERROR(repeat(AUTHORIZE), "unknown: PSP_ERROR"),
  PAGE_OF_A_PROXY(send(AUTHORIZE).over(Wire.ANSWERS_A_PAGE), "unknown: GARBLED"),
  GARBAGE(send(AUTHORIZE).over(Wire.ANSWERS_GARBAGE), "unknown: GARBLED"),
  NOTHING_IN_THE_ANSWER(send(AUTHORIZE).over(Wire.ANSWERS_NOTHING), "unknown: GARBLED"),
  NO_ANSWER_IN_TIME(send(AUTHORIZE).over(Wire.NEVER_ANSWERS), "unknown: TIMEOUT"),
  BROKEN_BEFORE_THE_ANSWER(
      send(AUTHORIZE).over(Wire.BREAKS_BEFORE_THE_ANSWER), "unknown: CONNECTION_LOST"),
  BROKEN_WITHIN_THE_ANSWER(
      send(AUTHORIZE).over(Wire.BREAKS_WITHIN_THE_ANSWER), "unknown: CONNECTION_LOST"),
  CONNECTION_REFUSED(send(AUTHORIZE).over(Wire.REFUSES_CONNECTIONS), "not sent"),
  CONNECTION_REFUSED_ON_A_REPEAT(
      repeat(AUTHORIZE).over(Wire.REFUSES_CONNECTIONS), "unknown: NOT_ASKED");

  final Asking asking;
  private final Expectation expectation;

  Situation(Asking asking, String usually, Otherwise... exceptions) {
    this.asking = asking;
    this.expectation = new Expectation(usually, List.of(exceptions));
  }

  /** What has to come of it at a PSP of these traits. */
  String expected(Set<Trait> traits) {
    return expectation.at(traits);
  }

  /** Whether it happens at such a PSP. */
  boolean happens(Set<Trait> traits) {
    return !expected(traits).equals(Expectation.NOT_THERE);
  }

  /** As people read it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
