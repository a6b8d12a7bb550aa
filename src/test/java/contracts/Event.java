package contracts;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;

/** What a PSP may tell by webhook, and what any adapter must read in it. */
enum Event {
  AUTHORIZED(About.AUTHORIZE, "approved, 1099 usd"),
  AUTHORIZED_IN_PART(About.AUTHORIZE, "approved, 700 usd"),
  AUTHORIZED_IN_ANOTHER_CURRENCY(About.AUTHORIZE, "approved, 1099 eur"),
  AUTHORIZED_AT_THE_PSP(About.AUTHORIZE, false, "approved, 1099 usd"),
  REFUSED(About.AUTHORIZE, "declined"),
  CAPTURED(About.CAPTURE, "approved, 1099 usd"),
  CAPTURED_IN_PART(About.CAPTURE, "approved, 700 usd"),
  CAPTURED_IN_ANOTHER_CURRENCY(About.CAPTURE, "approved, 1099 eur"),
  CAPTURE_FAILED(About.CAPTURE, "declined"),
  LET_GO(About.VOID, "approved, 1099 usd"),
  RELEASE_FAILED(About.VOID, "declined"),
  LET_GO_BY_OUR_KEY(About.VOID, "approved, 1099 usd", Trait.AUTHORIZES_ONLY_BY_OUR_WORD),
  NOTHING_LET_GO_BY_OUR_KEY(About.VOID, "declined", Trait.AUTHORIZES_ONLY_BY_OUR_WORD),
  NOTHING_FOUND_BY_OUR_KEY(
      About.VOID, "declined, nothing is there", Trait.AUTHORIZES_ONLY_BY_OUR_WORD),
  EXPIRED(About.ENDED, "ended"),
  REFUNDED(About.REFUND, "approved, 1099 usd"),
  REFUNDED_IN_PART(About.REFUND, "approved, 700 usd"),
  REFUNDED_IN_ANOTHER_CURRENCY(About.REFUND, "approved, 1099 eur"),
  REFUNDED_AT_THE_PSP(About.REFUND, false, "approved, 1099 usd"),
  REFUND_FAILED(About.REFUND, "declined"),
  REVERSED_BY_A_CANCEL(About.REFUND, "approved, 1099 usd", Trait.TELLS_LATER),
  REVERSED_BY_A_REFUND(About.REFUND, "approved, 1099 usd", Trait.TELLS_LATER),
  REVERSAL_FAILED(About.REFUND, "declined", Trait.TELLS_LATER),
  INQUIRY_OPENED(About.DISPUTE, "inquiry, 1099 usd"),
  DISPUTE_OPENED(About.DISPUTE, "open, 1099 usd"),
  DISPUTE_WON(About.DISPUTE, "won, 1099 usd"),
  DISPUTE_LOST(About.DISPUTE, "lost, 1099 usd"),
  OF_NO_CONSEQUENCE(About.NOTHING, "irrelevant"),
  WITHOUT_AN_AMOUNT_THAT_IS_KNOWN(About.NOTHING, "unreadable");

  final About about;

  /** Whether we had the PSP do what it is about. */
  final boolean ours;

  final String read;

  /** What a PSP that tells it has; null where every PSP tells it. */
  private final @Nullable Trait only;

  Event(About about, String read) {
    this(about, true, read, null);
  }

  Event(About about, boolean ours, String read) {
    this(about, ours, read, null);
  }

  Event(About about, String read, Trait only) {
    this(about, true, read, only);
  }

  Event(About about, boolean ours, String read, @Nullable Trait only) {
    this.about = about;
    this.ours = ours;
    this.read = read;
    this.only = only;
  }

  /** Whether a PSP of these traits tells it. */
  boolean happens(Set<Trait> traits) {
    return only == null || traits.contains(only);
  }

  /** What of a fact tells of it. */
  enum About {
    AUTHORIZE(OperationKind.AUTHORIZE),
    CAPTURE(OperationKind.CAPTURE),
    VOID(OperationKind.VOID),
    ENDED(OperationKind.AUTHORIZE),
    REFUND(OperationKind.REFUND),
    DISPUTE(null),
    NOTHING(null);

    /** The kind of the operation that it is about. */
    final @Nullable OperationKind kind;

    About(@Nullable OperationKind kind) {
      this.kind = kind;
    }
  }

  /** As people read it. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
