package psp.adyen;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.Decline;
import payments.DeclineCode;
import payments.OperationKind;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/**
 * What the items of Adyen's notifications say, pure (Adyen API: Webhooks v1; Adyen docs: "Webhook
 * types"). Captures, cancels and refunds have references of their own beside their payment's, which
 * is the item's {@code originalReference}.
 */
final class AdyenFacts {
  /**
   * The codes that are read here, beside those of disputes. Among the others POSTPONED_REFUND says
   * that a refund waits for its capture: what becomes of it is told as any refund's. And
   * VOID_PENDING_REFUND is of unreferenced refunds at terminals, which we do not make.
   */
  private static final Set<String> READ =
      Set.of(
          "AUTHORISATION",
          "CAPTURE",
          "CAPTURE_FAILED",
          "CANCELLATION",
          "TECHNICAL_CANCEL",
          "CANCEL_OR_REFUND",
          "EXPIRE",
          "REFUND",
          "REFUND_FAILED",
          "REFUNDED_REVERSED");

  /**
   * Why a cancel of what is under our key did nothing where nothing is held; for people, in parts.
   */
  private static final Pattern NOTHING_THERE =
      Pattern.compile("not (found|authori[sz]ed)", Pattern.CASE_INSENSITIVE);

  private final String merchantAccount;

  AdyenFacts(String merchantAccount) {
    this.merchantAccount = merchantAccount;
  }

  /** What every item has. */
  private record Item(JsonObject content, String code, String reference, boolean success) {
    @Nullable String original() {
      return AdyenJson.filled(content, "originalReference");
    }

    @Nullable String merchantReference() {
      return AdyenJson.filled(content, "merchantReference");
    }

    /**
     * Our key of the payment: Adyen tells of what was not asked for by us under the payment's
     * reference.
     */
    @Nullable String paymentKey() {
      return AdyenReferences.paymentKey(merchantReference());
    }

    @Nullable String reason() {
      return AdyenJson.filled(content, "reason");
    }

    @Nullable JsonObject additional() {
      return AdyenJson.object(content, "additionalData");
    }

    Optional<Money> amount() {
      return AdyenAmounts.read(AdyenJson.object(content, "amount"));
    }
  }

  /** The fact in an item. */
  PspFact of(String type, String body) {
    try {
      return AdyenJson.object(body)
          .map(content -> of(type, content))
          .orElseGet(() -> new PspFact.Unreadable("an item that is not JSON"));
    } catch (RuntimeException e) {
      // The exception's text may quote the event.
      return new PspFact.Unreadable("unreadable " + type + ": " + e.getClass().getSimpleName());
    }
  }

  private PspFact of(String type, JsonObject content) {
    String irrelevance = irrelevance(type);
    if (irrelevance != null) {
      return new PspFact.Irrelevant(irrelevance);
    }
    String account = AdyenJson.filled(content, "merchantAccountCode");
    if (!merchantAccount.equals(account)) {
      // An endpoint of the whole company gets what happens in its other accounts, too.
      return new PspFact.Irrelevant("of another merchant account");
    }
    String reference = AdyenJson.filled(content, "pspReference");
    if (reference == null) {
      return new PspFact.Unreadable("an item without a reference");
    }
    boolean success = "true".equals(String.valueOf(content.getValue("success")));
    return read(new Item(content, type, reference, success));
  }

  private static PspFact read(Item item) {
    return switch (item.code) {
      case "AUTHORISATION" -> authorisation(item);
      case "CAPTURE" -> modification(OperationKind.CAPTURE, item, item.success, false);
      // Its success is that of telling: the scheme has refused what counted as captured.
      case "CAPTURE_FAILED" -> modification(OperationKind.CAPTURE, item, false, true);
      case "CANCELLATION", "TECHNICAL_CANCEL" ->
          modification(OperationKind.VOID, item, item.success, false);
      case "CANCEL_OR_REFUND" -> reversal(item);
      case "EXPIRE" -> item.success ? expired(item) : withoutSuccess(item);
      case "REFUND" -> refund(item, item.success);
      case "REFUND_FAILED", "REFUNDED_REVERSED" -> refund(item, false);
      default ->
          item.success
              ? AdyenDisputes.of(
                  item.code,
                  item.content,
                  item.reference,
                  item.original(),
                  item.amount().orElse(null))
              : withoutSuccess(item);
    };
  }

  /** Why an event is of no consequence, where its code alone tells; null for one to read. */
  static @Nullable String irrelevance(String code) {
    return READ.contains(code) || AdyenDisputes.isAbout(code) ? null : "event not used: " + code;
  }

  // ---- authorizations

  private static PspFact authorisation(Item item) {
    Optional<Money> amount = AdyenAmounts.authorised(item.content);
    if (amount.isEmpty()) {
      return withoutAmount(item);
    }
    return new PspFact.Authorized(
        item.reference,
        item.paymentKey(),
        item.success ? approved(item, amount.get()) : refused(item));
  }

  private static PspResult approved(Item item, Money amount) {
    return new Approved(
        item.reference,
        null,
        amount,
        false,
        AdyenCards.storedToken(item.additional()),
        AdyenCards.ofNotification(item.content, item.additional()));
  }

  private static PspResult refused(Item item) {
    String reason = item.reason() == null ? "Refused" : item.reason();
    Decline decline = AdyenDeclines.ofRefusal(null, reason, item.additional());
    String raw = decline.rawCode();
    int slash = raw == null ? -1 : raw.indexOf('/');
    return new Declined(
        decline,
        item.reference,
        null,
        AdyenCards.ofRefusal(
            item.content,
            item.additional(),
            raw == null || slash < 0 ? raw : raw.substring(0, slash),
            String.valueOf(reason)));
  }

  /** What is left of a hold has run out; of all or of what a capture left. */
  private static PspFact expired(Item item) {
    String original = item.original();
    String payment = original == null ? item.reference : original;
    PspResult ended =
        new Declined(
            AdyenDeclines.ofState(DeclineCode.REFUSED_BY_PSP, item.code, item.reason()),
            payment,
            null,
            Details.NONE);
    return new PspFact.Authorization(
        payment, item.paymentKey(), ended, silent(item), silent(item), true, "expired");
  }

  private static PspResult silent(Item item) {
    return new Unknown(UnknownReason.NOT_FOUND, item.code + " says nothing of it");
  }

  // ---- modifications

  private static PspFact modification(
      OperationKind kind, Item item, boolean done, boolean takenBack) {
    String original = item.original();
    Optional<Money> amount = item.amount();
    String ours = AdyenReferences.modificationKey(kind, item.merchantReference());
    if (original == null && ours == null && item.paymentKey() == null) {
      return new PspFact.Unreadable(item.code + " names no payment");
    }
    if (amount.isEmpty()) {
      return withoutAmount(item);
    }
    return new PspFact.Modification(
        kind,
        item.reference,
        ours,
        ours != null && foundNothing(item) ? null : original,
        item.paymentKey(),
        amount.get(),
        result(item, done, amount.get(), kind == OperationKind.CAPTURE),
        takenBack);
  }

  /**
   * Whether a cancel by our key says that nothing is held. Adyen keeps a payment, too, whose
   * customer never came back, so that the reason tells and not whether it names one.
   */
  private static boolean foundNothing(Item item) {
    String reason = item.reason();
    return item.code.equals("TECHNICAL_CANCEL")
        && !item.success
        && reason != null
        && NOTHING_THERE.matcher(reason).find();
  }

  private static PspResult result(Item item, boolean done, Money amount, boolean captured) {
    return done
        ? new Approved(item.reference, null, amount, captured, null, Details.NONE)
        : new Declined(
            AdyenDeclines.ofState(DeclineCode.REFUSED_BY_PSP, item.code, item.reason()),
            item.reference,
            null,
            Details.NONE);
  }

  /**
   * A reversal was a cancel or a refund, whatever could be done. One of ours is a refund with us:
   * either way all is given back.
   */
  private static PspFact reversal(Item item) {
    String action = AdyenJson.filled(item.additional(), "modification.action");
    boolean told = "cancel".equals(action) || "refund".equals(action);
    if (item.success && !told) {
      return new PspFact.Unreadable(item.code + " does not tell what was done");
    }
    boolean ours = refundKey(item) != null;
    return ours || "refund".equals(action)
        ? refund(item, item.success)
        : modification(OperationKind.VOID, item, item.success, false);
  }

  // ---- refunds

  private static PspFact refund(Item item, boolean done) {
    Optional<Money> amount = item.amount();
    if (amount.isEmpty()) {
      return withoutAmount(item);
    }
    return new PspFact.Refund(
        item.reference,
        refundKey(item),
        item.original(),
        item.paymentKey(),
        amount.get(),
        null,
        result(item, done, amount.get(), true));
  }

  private static @Nullable String refundKey(Item item) {
    return AdyenReferences.modificationKey(OperationKind.REFUND, item.merchantReference());
  }

  /** These tell of what happened; that something of the kind did not happen is never told. */
  private static PspFact withoutSuccess(Item item) {
    return new PspFact.Unreadable(item.code + " without success");
  }

  private static PspFact withoutAmount(Item item) {
    return new PspFact.Unreadable(item.code + " without an amount that we know");
  }
}
