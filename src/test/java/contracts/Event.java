package contracts;

import java.util.Locale;

/** What a PSP may tell by webhook, and what any adapter must read in it. */
enum Event {
  AUTHORIZED(About.AUTHORIZE, "approved, 1099 usd"),
  REFUSED(About.AUTHORIZE, "declined"),
  CAPTURED(About.CAPTURE, "approved, 1099 usd"),
  CAPTURED_IN_PART(About.CAPTURE, "approved, 700 usd"),
  LET_GO(About.VOID, "approved, 1099 usd"),
  EXPIRED(About.ENDED, "expired"),
  REFUNDED(About.REFUND, "approved, 1099 usd"),
  REFUND_FAILED(About.REFUND, "declined"),
  DISPUTE_OPENED(About.DISPUTE, "OPEN"),
  DISPUTE_WON(About.DISPUTE, "WON"),
  DISPUTE_LOST(About.DISPUTE, "LOST"),
  OF_NO_CONSEQUENCE(About.NOTHING, "irrelevant"),
  WITHOUT_AN_AMOUNT_THAT_IS_KNOWN(About.NOTHING, "unreadable");

  final About about;
  final String read;

  Event(About about, String read) {
    this.about = about;
    this.read = read;
  }

  /** What of a fact tells of it. */
  enum About {
    AUTHORIZE,
    CAPTURE,
    VOID,
    ENDED,
    REFUND,
    DISPUTE,
    NOTHING
  }

  /** As people read it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
