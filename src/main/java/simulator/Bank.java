package simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import simulator.AuthorizationResult.Approved;
import simulator.AuthorizationResult.ChallengeRequired;
import simulator.AuthorizationResult.Declined;
import simulator.BankChange.AuthorizationChanged;
import simulator.BankChange.RefundChanged;
import simulator.BankResult.Done;
import simulator.BankResult.Reason;
import simulator.BankResult.Refused;

/**
 * The simulated bank behind all dialects: authorizes, captures, voids, refunds and settles, and
 * keeps the truth about it. All state of a simulator (the dialects' too) is guarded by this bank's
 * lock, so that a snapshot is consistent from any thread.
 */
public final class Bank {
  private final ReentrantLock lock = new ReentrantLock();
  private final InstantSource clock;
  private final Journal journal;
  private final Map<String, Authorization> authorizations = new LinkedHashMap<>();
  private final Map<String, BankRefund> refunds = new LinkedHashMap<>();
  private final Map<String, BankRefund> unsettled = new LinkedHashMap<>();
  private final List<Consumer<BankChange>> listeners = new CopyOnWriteArrayList<>();

  Bank(InstantSource clock, Journal journal) {
    this.clock = clock;
    this.journal = journal;
    journal.onReplay("authorization", json -> put(Authorization.fromJson(json)));
    journal.onReplay("refund", json -> put(BankRefund.fromJson(json)));
  }

  /** Runs a step that must see and leave a consistent state; steps may nest and never wait. */
  public <T> T exclusively(Supplier<T> step) {
    lock.lock();
    try {
      return step.get();
    } finally {
      lock.unlock();
    }
  }

  /** Listeners are called under the lock, in order; they hand work on and return at once. */
  public void onChange(Consumer<BankChange> listener) {
    listeners.add(listener);
  }

  public AuthorizationResult authorize(AuthorizationRequest request) {
    return exclusively(
        () -> {
          DeclineReason refusal = null;
          if (!request.authenticated()) {
            switch (authenticationOf(request)) {
              case NOT_NEEDED -> {}
              case CHALLENGE -> {
                return new ChallengeRequired();
              }
              case DECLINE -> refusal = DeclineReason.AUTHENTICATION_REQUIRED;
            }
          }
          return decide(request, refusal == null ? request.card().decline() : refusal);
        });
  }

  private AuthorizationResult decide(
      AuthorizationRequest request, @Nullable DeclineReason refusal) {
    Authorization.Status status =
        refusal != null
            ? Authorization.Status.FAILED
            : request.capture() ? Authorization.Status.CAPTURED : Authorization.Status.AUTHORIZED;
    Authorization authorization =
        new Authorization(
            request.id(),
            request.account(),
            request.payment(),
            request.instrument(),
            request.card().name(),
            request.idempotencyKey(),
            Map.copyOf(request.metadata()),
            request.amountMinor(),
            request.currency(),
            now(),
            status,
            status == Authorization.Status.CAPTURED ? request.amountMinor() : 0,
            0,
            refusal,
            request.authenticated());
    changed(authorization);
    return refusal == null ? new Approved(authorization) : new Declined(authorization, refusal);
  }

  private enum Challenge {
    NOT_NEEDED,
    CHALLENGE,
    DECLINE
  }

  private static Challenge authenticationOf(AuthorizationRequest request) {
    Challenge cardholder = request.offSession() ? Challenge.DECLINE : Challenge.CHALLENGE;
    return switch (request.card().authentication()) {
      case UNSUPPORTED, LOOKUP_FAILS -> Challenge.NOT_NEEDED;
      case OPTIONAL ->
          request.challengeWanted() && !request.offSession()
              ? Challenge.CHALLENGE
              : Challenge.NOT_NEEDED;
      case ALWAYS -> cardholder;
      case UNLESS_SET_UP -> request.setUp() ? Challenge.NOT_NEEDED : cardholder;
      case ON_SESSION -> request.offSession() ? Challenge.NOT_NEEDED : Challenge.CHALLENGE;
    };
  }

  /** Takes the money of an authorization once, all or part of it; what is not taken is released. */
  public BankResult<Authorization> capture(String account, String id, long amountMinor) {
    return exclusively(
        () -> {
          Authorization authorization = authorizations.get(id);
          if (authorization == null || !authorization.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.AUTHORIZED) {
            return new Refused<>(Reason.NOT_OPEN);
          }
          if (amountMinor > authorization.amountMinor()) {
            return new Refused<>(Reason.AMOUNT_TOO_LARGE);
          }
          return new Done<>(changed(authorization.captured(amountMinor)));
        });
  }

  /** Releases an authorization that was not captured. */
  public BankResult<Authorization> release(String account, String id) {
    return exclusively(
        () -> {
          Authorization authorization = authorizations.get(id);
          if (authorization == null || !authorization.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.AUTHORIZED) {
            return new Refused<>(Reason.NOT_OPEN);
          }
          return new Done<>(changed(authorization.released()));
        });
  }

  /**
   * Gives money back, never more than is left of the capture.
   *
   * @param amountMinor null for all that is left
   */
  public BankResult<BankRefund> refund(
      String account,
      String charge,
      String id,
      @Nullable Long amountMinor,
      @Nullable String reason,
      @Nullable String idempotencyKey,
      Map<String, String> metadata) {
    return exclusively(
        () -> {
          Authorization authorization = authorizations.get(charge);
          if (authorization == null || !authorization.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.CAPTURED) {
            return new Refused<>(Reason.NOT_CAPTURED);
          }
          long left = authorization.refundableMinor();
          if (left == 0) {
            return new Refused<>(Reason.NOTHING_LEFT);
          }
          long amount = amountMinor == null ? left : amountMinor;
          if (amount > left) {
            return new Refused<>(Reason.AMOUNT_TOO_LARGE);
          }
          TestCard.RefundBehaviour behaviour = CardDeck.require(authorization.card()).refunds();
          BankRefund refund =
              new BankRefund(
                  id,
                  account,
                  charge,
                  authorization.payment(),
                  idempotencyKey,
                  Map.copyOf(metadata),
                  reason,
                  amount,
                  authorization.currency(),
                  now(),
                  behaviour == TestCard.RefundBehaviour.PENDING
                      ? BankRefund.Status.PENDING
                      : BankRefund.Status.SUCCEEDED,
                  switch (behaviour) {
                    case SUCCEED -> null;
                    case PENDING -> BankRefund.Status.SUCCEEDED;
                    case FAIL_LATER -> BankRefund.Status.FAILED;
                  });
          changed(authorization.refunded(amount));
          return new Done<>(changed(refund));
        });
  }

  /** Replaces a refund's metadata. */
  public BankRefund describeRefund(BankRefund refund, Map<String, String> metadata) {
    return exclusively(() -> changed(refund.withMetadata(Map.copyOf(metadata))));
  }

  /**
   * Settles what is open: pending refunds succeed, refunds to cards that cannot take them fail and
   * their money is the charge's again.
   *
   * @return how many refunds changed
   */
  public int settlePending() {
    return exclusively(
        () -> {
          List<BankRefund> open = List.copyOf(unsettled.values());
          open.forEach(
              refund -> {
                BankRefund.Status outcome = refund.settlesAs();
                if (outcome == BankRefund.Status.FAILED) {
                  Authorization authorization = authorizations.get(refund.charge());
                  if (authorization != null) {
                    changed(authorization.refunded(-refund.amountMinor()));
                  }
                }
                if (outcome != null) {
                  changed(refund.settled(outcome));
                }
              });
          return open.size();
        });
  }

  public Optional<Authorization> authorization(String account, String id) {
    return exclusively(
        () ->
            Optional.ofNullable(authorizations.get(id))
                .filter(found -> found.account().equals(account)));
  }

  public Optional<BankRefund> refund(String account, String id) {
    return exclusively(
        () ->
            Optional.ofNullable(refunds.get(id)).filter(found -> found.account().equals(account)));
  }

  /** Everything that happened, whatever was answered about it. */
  public Truth truth() {
    return exclusively(
        () -> new Truth(List.copyOf(authorizations.values()), List.copyOf(refunds.values())));
  }

  /** An account's authorizations, oldest first. */
  public List<Authorization> authorizations(String account) {
    return exclusively(
        () -> {
          List<Authorization> found = new ArrayList<>();
          authorizations.values().stream()
              .filter(authorization -> authorization.account().equals(account))
              .forEach(found::add);
          return found;
        });
  }

  /** An account's refunds, oldest first. */
  public List<BankRefund> refunds(String account) {
    return exclusively(
        () ->
            refunds.values().stream().filter(refund -> refund.account().equals(account)).toList());
  }

  void clear() {
    exclusively(
        () -> {
          authorizations.clear();
          refunds.clear();
          unsettled.clear();
          return true;
        });
  }

  private Authorization changed(Authorization authorization) {
    put(authorization);
    journal.append("authorization", authorization.id(), authorization::toJson);
    tell(new AuthorizationChanged(authorization));
    return authorization;
  }

  private BankRefund changed(BankRefund refund) {
    put(refund);
    journal.append("refund", refund.id(), refund::toJson);
    tell(new RefundChanged(refund));
    return refund;
  }

  private void put(Authorization authorization) {
    authorizations.put(authorization.id(), authorization);
  }

  private void put(BankRefund refund) {
    refunds.put(refund.id(), refund);
    if (refund.settlesAs() == null) {
      unsettled.remove(refund.id());
    } else {
      unsettled.put(refund.id(), refund);
    }
  }

  /** To the millisecond, which is what the journal keeps. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private void tell(BankChange change) {
    listeners.forEach(listener -> listener.accept(change));
  }
}
