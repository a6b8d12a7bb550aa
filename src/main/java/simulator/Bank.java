package simulator;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
  private final Map<String, Authorization> undisputed = new LinkedHashMap<>();
  private final DisputeDesk disputes;
  private final List<Consumer<BankChange>> listeners = new CopyOnWriteArrayList<>();
  private final List<IntSupplier> settlements = new CopyOnWriteArrayList<>();
  private final Map<String, UnaryOperator<String>> names = new HashMap<>();

  Bank(InstantSource clock, Journal journal) {
    this.clock = clock;
    this.journal = journal;
    this.disputes = new DisputeDesk(this, journal);
    journal.onReplay("authorization", json -> put(Authorization.fromJson(json)));
    journal.onReplay("refund", json -> put(BankRefund.fromJson(json)));
  }

  /** Runs a step that must see and leave a consistent state; steps may nest and never wait. */
  public <T extends @Nullable Object> T exclusively(Supplier<T> step) {
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

  /** What else happens at each settlement; says how much that was. Under the lock. */
  public void onSettlement(IntSupplier step) {
    settlements.add(step);
  }

  /**
   * How an account's provider names what is made without a call of the merchant's.
   *
   * @param name from a prefix, which the provider may ignore, to a fresh id
   */
  public void naming(String account, UnaryOperator<String> name) {
    exclusively(() -> names.put(account, name));
  }

  /** A fresh id for something of an account. */
  String name(String account, String prefix) {
    return exclusively(() -> names.getOrDefault(account, Ids::next).apply(prefix));
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
            0,
            false,
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
    return release(account, id, Authorization.Status.VOIDED);
  }

  /** Lets an authorization that was not captured run out, as issuers do after some days. */
  public BankResult<Authorization> expire(String account, String id) {
    return release(account, id, Authorization.Status.EXPIRED);
  }

  private BankResult<Authorization> release(String account, String id, Authorization.Status how) {
    return exclusively(
        () -> {
          Authorization authorization = authorizations.get(id);
          if (authorization == null || !authorization.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.AUTHORIZED) {
            return new Refused<>(Reason.NOT_OPEN);
          }
          return new Done<>(changed(authorization.released(how)));
        });
  }

  /** A capture fails after it was said to be good: its money never comes, and the hold is gone. */
  public BankResult<Authorization> failCapture(String account, String id) {
    return exclusively(
        () -> {
          Authorization authorization = authorizations.get(id);
          if (authorization == null || !authorization.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.CAPTURED) {
            return new Refused<>(Reason.NOT_CAPTURED);
          }
          if (authorization.refundableMinor() != authorization.capturedMinor()) {
            return new Refused<>(Reason.NOT_OPEN);
          }
          return new Done<>(changed(authorization.released(Authorization.Status.VOIDED)));
        });
  }

  /** Gives money back, never more than is left of the capture. */
  public BankResult<BankRefund> refund(RefundRequest request) {
    return exclusively(
        () -> {
          Authorization authorization = authorizations.get(request.charge());
          if (authorization == null || !authorization.account().equals(request.account())) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (authorization.status() != Authorization.Status.CAPTURED) {
            return new Refused<>(Reason.NOT_CAPTURED);
          }
          long left = authorization.refundableMinor();
          if (left == 0) {
            return new Refused<>(
                authorization.disputedMinor() > 0 ? Reason.CHARGED_BACK : Reason.NOTHING_LEFT);
          }
          Long wanted = request.amountMinor();
          long amount = wanted == null ? left : wanted;
          if (amount > left) {
            return new Refused<>(Reason.AMOUNT_TOO_LARGE);
          }
          BankRefund refund = refund(request, authorization, amount);
          changed(authorization.refunded(amount));
          return new Done<>(changed(refund));
        });
  }

  private BankRefund refund(RefundRequest request, Authorization from, long amount) {
    TestCard.RefundBehaviour wanted = request.behaviour();
    TestCard.RefundBehaviour behaviour =
        wanted == null ? CardDeck.require(from.card()).refunds() : wanted;
    return new BankRefund(
        request.id(),
        request.account(),
        from.id(),
        from.payment(),
        request.idempotencyKey(),
        Map.copyOf(request.metadata()),
        request.reason(),
        amount,
        from.currency(),
        now(),
        request.outside(),
        switch (behaviour) {
          case SUCCEED, FAIL_LATER -> BankRefund.Status.SUCCEEDED;
          case PENDING, PENDING_THEN_FAIL -> BankRefund.Status.PENDING;
        },
        switch (behaviour) {
          case SUCCEED -> null;
          case PENDING -> BankRefund.Status.SUCCEEDED;
          case FAIL_LATER, PENDING_THEN_FAIL -> BankRefund.Status.FAILED;
        });
  }

  /**
   * Ends a refund now, whatever the card says: a pending one succeeds or fails, and one that
   * succeeded may still fail; the money of a failed one is the charge's again.
   */
  public BankResult<BankRefund> settle(String account, String id, BankRefund.Status outcome) {
    return exclusively(
        () -> {
          BankRefund refund = refunds.get(id);
          if (refund == null || !refund.account().equals(account)) {
            return new Refused<>(Reason.NOT_FOUND);
          }
          if (outcome == BankRefund.Status.PENDING
              || refund.status() == outcome
              || refund.status() == BankRefund.Status.FAILED) {
            return new Refused<>(Reason.NOT_OPEN);
          }
          return new Done<>(settled(refund, outcome));
        });
  }

  private BankRefund settled(BankRefund refund, BankRefund.Status outcome) {
    if (outcome == BankRefund.Status.FAILED) {
      Authorization authorization = authorizations.get(refund.charge());
      if (authorization != null) {
        changed(authorization.refunded(-refund.amountMinor()));
      }
    }
    return changed(refund.settled(outcome));
  }

  /** Replaces a refund's metadata. */
  public BankRefund describeRefund(BankRefund refund, Map<String, String> metadata) {
    return exclusively(() -> changed(refund.withMetadata(Map.copyOf(metadata))));
  }

  /**
   * Settles what is open: pending refunds succeed, refunds to cards that cannot take them fail and
   * their money is the charge's again, and holders of cards that dispute their payments do so.
   *
   * @return how many refunds changed and disputes were opened, and what else the providers settle
   */
  public int settlePending() {
    return exclusively(
        () -> {
          List<BankRefund> open = List.copyOf(unsettled.values());
          for (BankRefund refund : open) {
            BankRefund.Status outcome = refund.settlesAs();
            if (outcome != null) {
              settled(refund, outcome);
            }
          }
          int opened = 0;
          for (Authorization charge : undisputed.values().stream().toList()) {
            if (disputes.of(charge.id()).isEmpty()) {
              opened += disputes.openAsTheCardDoes(charge);
            }
          }
          undisputed.clear();
          return open.size() + opened + settlements.stream().mapToInt(IntSupplier::getAsInt).sum();
        });
  }

  /** What cardholders and issuers say against charges. */
  public DisputeDesk disputes() {
    return disputes;
  }

  /** An authorization, whoever's it is. */
  public Optional<Authorization> authorization(String id) {
    return exclusively(() -> Optional.ofNullable(authorizations.get(id)));
  }

  /** A refund, whoever's it is. */
  public Optional<BankRefund> refund(String id) {
    return exclusively(() -> Optional.ofNullable(refunds.get(id)));
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
        () ->
            new Truth(
                List.copyOf(authorizations.values()),
                List.copyOf(refunds.values()),
                disputes.all()));
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
          undisputed.clear();
          disputes.clear();
          names.clear();
          return true;
        });
  }

  Authorization changed(Authorization authorization) {
    Authorization before = put(authorization);
    journal.append("authorization", authorization.id(), authorization::toJson);
    tell(new AuthorizationChanged(before, authorization));
    return authorization;
  }

  private BankRefund changed(BankRefund refund) {
    BankRefund before = put(refund);
    journal.append("refund", refund.id(), refund::toJson);
    tell(new RefundChanged(before, refund));
    return refund;
  }

  private @Nullable Authorization put(Authorization authorization) {
    boolean trouble =
        authorization.status() == Authorization.Status.CAPTURED
            && !CardDeck.disputesOf(authorization.card()).isEmpty();
    if (trouble) {
      undisputed.put(authorization.id(), authorization);
    } else {
      undisputed.remove(authorization.id());
    }
    return authorizations.put(authorization.id(), authorization);
  }

  private @Nullable BankRefund put(BankRefund refund) {
    if (refund.settlesAs() == null) {
      unsettled.remove(refund.id());
    } else {
      unsettled.put(refund.id(), refund);
    }
    return refunds.put(refund.id(), refund);
  }

  /** To the millisecond, which is what the journal keeps. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  void tell(BankChange change) {
    listeners.forEach(listener -> listener.accept(change));
  }
}
