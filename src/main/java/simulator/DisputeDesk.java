package simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import simulator.BankChange.DisputeChanged;
import simulator.BankResult.Done;
import simulator.BankResult.Reason;
import simulator.BankResult.Refused;

/**
 * The disputes at the simulated bank: a chargeback takes its amount from the charge until the
 * merchant wins, an inquiry takes nothing. Under the bank's lock.
 */
public final class DisputeDesk {
  private static final String KIND = "dispute";

  private final Bank bank;
  private final Journal journal;
  private final Map<String, BankDispute> disputes = new LinkedHashMap<>();
  private final Map<String, List<String>> byCharge = new LinkedHashMap<>();

  DisputeDesk(Bank bank, Journal journal) {
    this.bank = bank;
    this.journal = journal;
    journal.onReplay(KIND, json -> put(BankDispute.fromJson(json)));
  }

  /** What a cardholder says: the reason in Stripe's words, and whether the issuer only asks yet. */
  public record Opening(String reason, boolean inquiry) {}

  /**
   * Opens a dispute. As in reality, what was refunded before can be disputed all the same.
   *
   * @param amountMinor null for what is left of the charge
   */
  public BankResult<BankDispute> open(
      String account, String charge, @Nullable Long amountMinor, Opening opening) {
    return bank.exclusively(
        () -> {
          Authorization authorization = bank.authorization(account, charge).orElse(null);
          if (authorization == null) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.CAPTURED) {
            return new Refused<>(Reason.NOT_CAPTURED);
          }
          long amount = amountMinor == null ? authorization.refundableMinor() : amountMinor;
          if (amount < 1) {
            return new Refused<>(Reason.NOTHING_LEFT);
          }
          if (amount > authorization.capturedMinor() - authorization.disputedMinor()) {
            return new Refused<>(Reason.AMOUNT_TOO_LARGE);
          }
          return new Done<>(opened(authorization, amount, opening));
        });
  }

  private BankDispute opened(Authorization charge, long amountMinor, Opening opening) {
    return changed(
        new BankDispute(
            bank.name(charge.account(), "dp_"),
            charge.account(),
            charge.id(),
            charge.payment(),
            charge.card(),
            opening.reason(),
            amountMinor,
            charge.currency(),
            bank.now(),
            opening.inquiry()
                ? BankDispute.Status.WARNING_NEEDS_RESPONSE
                : BankDispute.Status.NEEDS_RESPONSE,
            0,
            Map.of()));
  }

  /** Disputes a charge as the deck of test cards says; several share what is left of it. */
  int openAsTheCardDoes(Authorization charge) {
    List<Opening> openings = CardDeck.disputesOf(charge.card());
    long left = charge.refundableMinor();
    if (left < openings.size()) {
      return 0;
    }
    long share = left / openings.size();
    for (int i = 0; i < openings.size(); i++) {
      long amount = i == 0 ? left - share * (openings.size() - 1) : share;
      Authorization now = bank.authorization(charge.id()).orElse(charge);
      opened(now, amount, openings.get(i));
    }
    return openings.size();
  }

  /** The merchant sends evidence. */
  public BankResult<BankDispute> answer(String account, String id) {
    return change(account, id, BankDispute::answered);
  }

  /** An inquiry becomes a chargeback, and the money goes. */
  public BankResult<BankDispute> escalate(String account, String id) {
    return change(
        account,
        id,
        dispute ->
            dispute.status().inquiry() ? dispute.became(BankDispute.Status.NEEDS_RESPONSE) : null);
  }

  /**
   * Closes a dispute. A chargeback is won or lost; an inquiry closes without either, or is lost,
   * which takes the money.
   */
  public BankResult<BankDispute> close(String account, String id, BankDispute.Status outcome) {
    return change(
        account,
        id,
        dispute -> {
          boolean legal =
              switch (outcome) {
                case WARNING_CLOSED -> dispute.status().inquiry();
                case WON -> !dispute.status().inquiry();
                case LOST -> true;
                case NEEDS_RESPONSE, UNDER_REVIEW, WARNING_NEEDS_RESPONSE, WARNING_UNDER_REVIEW ->
                    false;
              };
          return legal ? dispute.became(outcome) : null;
        });
  }

  /** The issuer does not accept that the merchant won, and takes the money again, for good. */
  public BankResult<BankDispute> chargeBackAgain(String account, String id) {
    return bank.exclusively(
        () -> {
          BankDispute dispute = find(account, id).orElse(null);
          if (dispute == null) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          return dispute.status() == BankDispute.Status.WON
              ? new Done<>(changed(dispute.became(BankDispute.Status.LOST)))
              : new Refused<>(Reason.NOT_OPEN);
        });
  }

  /** Replaces a dispute's metadata. */
  public BankDispute describe(BankDispute dispute, Map<String, String> metadata) {
    return bank.exclusively(() -> changed(dispute.withMetadata(Map.copyOf(metadata))));
  }

  private BankResult<BankDispute> change(
      String account, String id, Function<BankDispute, @Nullable BankDispute> step) {
    return bank.exclusively(
        () -> {
          BankDispute dispute = disputes.get(id);
          if (dispute == null || !dispute.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          BankDispute next = dispute.status().closed() ? null : step.apply(dispute);
          return next == null ? new Refused<>(Reason.NOT_OPEN) : new Done<>(changed(next));
        });
  }

  public Optional<BankDispute> find(String account, String id) {
    return find(id).filter(found -> found.account().equals(account));
  }

  /** A dispute, whoever's it is. */
  public Optional<BankDispute> find(String id) {
    return bank.exclusively(() -> Optional.ofNullable(disputes.get(id)));
  }

  /** The disputes of a charge, oldest first. */
  public List<BankDispute> of(String charge) {
    return bank.exclusively(
        () ->
            byCharge.getOrDefault(charge, List.of()).stream()
                .flatMap(id -> Optional.ofNullable(disputes.get(id)).stream())
                .toList());
  }

  /** All disputes, oldest first. */
  public List<BankDispute> all() {
    return bank.exclusively(() -> List.copyOf(disputes.values()));
  }

  void clear() {
    disputes.clear();
    byCharge.clear();
  }

  /** The dispute is on record before the charge changes, so that whoever looks sees both. */
  private BankDispute changed(BankDispute dispute) {
    BankDispute before = put(dispute);
    journal.append(KIND, dispute.id(), dispute::toJson);
    long taken = dispute.withdrawnMinor() - (before == null ? 0 : before.withdrawnMinor());
    if (taken != 0) {
      bank.authorization(dispute.charge())
          .ifPresent(charge -> bank.changed(charge.chargedBack(taken)));
    }
    bank.tell(new DisputeChanged(before, dispute));
    return dispute;
  }

  private @Nullable BankDispute put(BankDispute dispute) {
    BankDispute before = disputes.put(dispute.id(), dispute);
    if (before == null) {
      byCharge.computeIfAbsent(dispute.charge(), charge -> new ArrayList<>()).add(dispute.id());
    }
    return before;
  }
}
