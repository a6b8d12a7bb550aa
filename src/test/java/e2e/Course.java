package e2e;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A way in which a payment of 1099 may go, and how it has to end whichever PSP is behind: its
 * status, what was taken and given back by our books and the PSP's, and how often it was charged.
 */
enum Course {
  TAKEN_AT_ONCE("succeeded, 1099 taken, 0 given back, 1 charge"),
  HELD_AND_CAPTURED("succeeded, 1099 taken, 0 given back, 1 charge"),
  HELD_AND_CAPTURED_IN_PART("succeeded, 700 taken, 0 given back, 1 charge"),
  HELD_AND_LET_GO("canceled, 0 taken, 0 given back, 1 charge"),
  HOLD_EXPIRES("canceled, 0 taken, 0 given back, 1 charge"),
  DECLINED("requires_payment_method, 0 taken, 0 given back, 0 charges"),
  DECLINED_AND_PAID_WITH_ANOTHER_CARD("succeeded, 1099 taken, 0 given back, 1 charge"),
  DUPLICATE("succeeded, 1099 taken, 0 given back, 1 charge"),
  DUPLICATE_AFTER_A_LOST_ANSWER("succeeded, 1099 taken, 0 given back, 1 charge"),

  CONNECTION_REFUSED_THEN_PAID("succeeded, 1099 taken, 0 given back, 1 charge"),
  KEY_REFUSED_THEN_PAID("succeeded, 1099 taken, 0 given back, 1 charge"),
  TIMEOUT_BEFORE_EFFECT("succeeded, 1099 taken, 0 given back, 1 charge"),
  TIMEOUT_AFTER_EFFECT("succeeded, 1099 taken, 0 given back, 1 charge"),
  RESET_BEFORE_EFFECT("succeeded, 1099 taken, 0 given back, 1 charge"),
  RESET_AFTER_EFFECT("succeeded, 1099 taken, 0 given back, 1 charge"),
  SERVER_ERROR_BEFORE_EFFECT("succeeded, 1099 taken, 0 given back, 1 charge"),
  SERVER_ERROR_AFTER_EFFECT("succeeded, 1099 taken, 0 given back, 1 charge"),
  SERVER_ERROR_AFTER_EFFECT_REPLAYED("succeeded, 1099 taken, 0 given back, 1 charge"),
  TOO_MANY_REQUESTS("succeeded, 1099 taken, 0 given back, 1 charge"),
  GARBAGE("succeeded, 1099 taken, 0 given back, 1 charge"),
  UNKNOWN_STATUS("succeeded, 1099 taken, 0 given back, 1 charge"),
  AMOUNT_DIFFERS_AND_IS_LOOKED_AT_AGAIN("succeeded, 1099 taken, 0 given back, 1 charge"),
  CURRENCY_DIFFERS_AND_IS_LOOKED_AT_AGAIN("succeeded, 1099 taken, 0 given back, 1 charge"),

  WEBHOOK_BEFORE_THE_ANSWER("succeeded, 1099 taken, 0 given back, 1 charge"),
  WEBHOOK_LATE("succeeded, 700 taken, 0 given back, 1 charge"),
  WEBHOOKS_TWICE("succeeded, 1099 taken, 300 given back, 1 charge"),
  WEBHOOK_WRONGLY_SIGNED_AT_FIRST("succeeded, 1099 taken, 300 given back, 1 charge"),

  CAPTURE_REFUSED_THEN_CAPTURED("succeeded, 1099 taken, 0 given back, 1 charge"),
  CAPTURE_OF_WHAT_HAS_EXPIRED("canceled, 0 taken, 0 given back, 1 charge"),
  CAPTURE_ANSWER_LOST("succeeded, 700 taken, 0 given back, 1 charge"),
  CAPTURE_FAILS_AFTERWARDS(Behind.ADYEN, "requires_capture, 0 taken, 0 given back, 1 charge"),
  RELEASE_ANSWER_LOST("canceled, 0 taken, 0 given back, 1 charge"),
  SEVERAL_REFUNDS("succeeded, 1099 taken, 1099 given back, 1 charge"),
  REFUNDS_AT_ONCE_OF_MORE_THAN_THERE_IS("succeeded, 1099 taken, 800 given back, 1 charge"),
  REFUND_ANSWER_LOST("succeeded, 1099 taken, 500 given back, 1 charge"),
  REFUND_REFUSED("succeeded, 1099 taken, 0 given back, 1 charge"),
  REFUND_FAILS_AFTERWARDS("succeeded, 1099 taken, 0 given back, 1 charge"),
  REFUNDED_AT_THE_PSP("succeeded, 1099 taken, 200 given back, 1 charge"),

  AUTHENTICATED("succeeded, 1099 taken, 0 given back, 1 charge"),
  NOT_AUTHENTICATED("requires_payment_method, 0 taken, 0 given back, 0 charges"),
  NOT_AUTHENTICATED_THEN_PAID_WITH_ANOTHER_CARD("succeeded, 1099 taken, 0 given back, 1 charge"),
  AUTHENTICATION_LEFT_AND_CANCELED("canceled, 0 taken, 0 given back, 0 charges"),
  AUTHENTICATION_NOBODY_IS_THERE_FOR("requires_payment_method, 0 taken, 0 given back, 0 charges");

  /** The one PSP where it happens; null where it does at all. */
  private final @Nullable Behind only;

  private final String end;

  Course(String end) {
    this.only = null;
    this.end = end;
  }

  Course(Behind only, String end) {
    this.only = only;
    this.end = end;
  }

  boolean happensAt(Behind psp) {
    return only == null || only == psp;
  }

  /** How it ends. */
  String end() {
    return end;
  }

  /** As people read it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
