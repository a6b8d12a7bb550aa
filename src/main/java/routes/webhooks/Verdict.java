package routes.webhooks;

import psp.PspWebhooks.Refused;

/**
 * How a webhook is answered. PSPs repeat whatever is not answered with 2xx, for days; the status
 * tells whoever looks at the PSP's list of deliveries what has to be mended.
 */
enum Verdict {
  KEPT(200, ""),
  /** Signed wrongly or too long ago, or not signed. */
  SIGNATURE(400, ""),
  /** Signed, but no event, or one of the other mode. */
  UNREADABLE(400, ""),
  MALFORMED(400, "The request is not well-formed HTTP, or its URL or headers are too long."),
  /** Ours to mend: until it is, the PSP keeps the event and sends it again. */
  NO_SECRET(403, ""),
  NOT_FOUND(404, "There is no such account here: the path is /webhooks/{psp}/{account}."),
  METHOD(405, "Webhooks are sent with POST."),
  LATE(408, "The body did not arrive in time."),
  TOO_LARGE(413, "The body is too large."),
  INTERNAL(500, "Something went wrong on our side."),
  OVERLOADED(503, "Too many webhooks are at work right now. Send it again."),
  UNAVAILABLE(503, "It could not be stored right now. Send it again.");

  private final int status;
  private final String message;

  Verdict(int status, String message) {
    this.status = status;
    this.message = message;
  }

  static Verdict of(Refused.Why why) {
    return switch (why) {
      case SIGNATURE -> SIGNATURE;
      case UNREADABLE -> UNREADABLE;
      case NO_SECRET -> NO_SECRET;
    };
  }

  int status() {
    return status;
  }

  /** What is said where nothing more exact is known. */
  String message() {
    return message;
  }

  /** The code in the answer, and the reason in metrics. */
  String code() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
