package simulator.adyen;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.IdempotencyKeys;
import simulator.Journal;

/** Everything one API key can see, beside what the bank keeps. Under the bank's lock. */
final class AdyenAccount {
  static final String PAYMENT_KIND = "adyen.payment";
  static final String MODIFICATION_KIND = "adyen.modification";
  static final String STORED_CARD_KIND = "adyen.stored_card";
  static final IdempotencyKeys.Provider KEYS =
      new IdempotencyKeys.Provider("adyen.idempotency_key", Duration.ofDays(31));

  private final String id;
  private final Journal journal;
  private final IdempotencyKeys keys;
  private final Map<String, AdyenPayment> payments = new LinkedHashMap<>();
  private final Map<String, AdyenPayment> unsettled = new LinkedHashMap<>();
  private final Map<String, AdyenPayment> byRedirectResult = new HashMap<>();
  private final Map<String, AdyenPayment> byReference = new HashMap<>();
  private final Map<String, Modification> modifications = new HashMap<>();
  private final Map<String, Modification> open = new LinkedHashMap<>();
  private final Map<String, StoredCard> storedCards = new LinkedHashMap<>();

  AdyenAccount(String id, InstantSource clock, Journal journal, int keptAnswers) {
    this.id = id;
    this.journal = journal;
    this.keys = new IdempotencyKeys(KEYS, id, clock, journal, keptAnswers);
  }

  String id() {
    return id;
  }

  IdempotencyKeys keys() {
    return keys;
  }

  @Nullable AdyenPayment payment(@Nullable String pspReference) {
    return payments.get(pspReference);
  }

  /** The payment that a path names, if the request's merchant account is its own. */
  AdyenPayment requirePayment(String pspReference, String merchantAccount) {
    AdyenPayment payment = payments.get(pspReference);
    if (payment == null) {
      throw AdyenError.invalid("167", "Original pspReference required for this operation");
    }
    if (!payment.merchantAccount().equals(merchantAccount)) {
      throw AdyenError.wrongMerchantAccount();
    }
    return payment;
  }

  @Nullable AdyenPayment paymentOfRedirect(@Nullable String redirectResult) {
    return byRedirectResult.get(redirectResult);
  }

  /** The latest payment with a reference of the merchant's. */
  @Nullable AdyenPayment paymentOfReference(@Nullable String reference) {
    return byReference.get(reference);
  }

  void save(AdyenPayment payment) {
    restore(payment);
    journal.append(PAYMENT_KIND, payment.pspReference, payment::toJson);
  }

  void restore(AdyenPayment payment) {
    payments.put(payment.pspReference, payment);
    byReference.put(payment.reference(), payment);
    if (payment.redirectResult != null) {
      byRedirectResult.put(payment.redirectResult, payment);
    }
    boolean more =
        payment.resultCode.equals(Outcome.RECEIVED)
            || payment.captureDue
            || (payment.resultCode.equals(Outcome.AUTHORISED)
                && payment.aftermathSteps < payment.aftermath().kind().steps());
    if (more) {
      unsettled.put(payment.pspReference, payment);
    } else {
      unsettled.remove(payment.pspReference);
    }
  }

  /** The payment under a new reference; the one that it had before is nobody's. */
  AdyenPayment renamed(AdyenPayment payment) {
    AdyenPayment renamed = payment.named(PspReference.next());
    payments.remove(payment.pspReference);
    unsettled.remove(payment.pspReference);
    journal.forget(PAYMENT_KIND, payment.pspReference);
    save(renamed);
    return renamed;
  }

  /** The payments that the next settlements have something to do with. */
  List<AdyenPayment> unsettled() {
    return List.copyOf(unsettled.values());
  }

  @Nullable Modification modification(String pspReference) {
    return modifications.get(pspReference);
  }

  void save(Modification modification) {
    restore(modification);
    journal.append(MODIFICATION_KIND, modification.pspReference(), modification::toJson);
  }

  void restore(Modification modification) {
    modifications.put(modification.pspReference(), modification);
    if (modification.open()) {
      open.put(modification.pspReference(), modification);
    } else {
      open.remove(modification.pspReference());
    }
  }

  /** The modifications without an end yet, oldest first. */
  List<Modification> open() {
    return List.copyOf(open.values());
  }

  @Nullable StoredCard storedCard(@Nullable String token) {
    return storedCards.get(token);
  }

  /** A shopper's cards, oldest first. */
  List<StoredCard> storedCards(String shopper) {
    return storedCards.values().stream()
        .filter(card -> card.shopperReference().equals(shopper))
        .toList();
  }

  void save(StoredCard card) {
    restore(card);
    journal.append(STORED_CARD_KIND, card.id(), card::toJson);
  }

  void restore(StoredCard card) {
    storedCards.put(card.id(), card);
  }

  void forget(StoredCard card) {
    storedCards.remove(card.id());
    journal.forget(STORED_CARD_KIND, card.id());
  }
}
