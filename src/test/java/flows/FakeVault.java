package flows;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import payments.CardChecks;
import payments.CardDetails;
import payments.Decline;
import payments.DeclineCode;
import psp.CardVault;

/**
 * A PSP's card vault with a memory: cards and whose they are, and idempotency keys with their
 * answers. It can be told to be away, before or after a call had its effect.
 */
final class FakeVault implements CardVault {
  static final CardDetails VISA =
      new CardDetails("visa", "4242", 12, 2030, "credit", "US", "print", "visa");

  /** How the next calls go wrong. */
  enum Trouble {
    NONE,
    AWAY,
    ANSWER_LOST,
    ATTACH_ANSWER_LOST
  }

  final Set<String> cards = new HashSet<>();
  final Set<String> declined = new HashSet<>();
  final Map<String, String> owners = new ConcurrentHashMap<>();
  final List<String> calls = new ArrayList<>();
  volatile Trouble trouble = Trouble.NONE;

  private final Map<String, String> firstCalls = new ConcurrentHashMap<>();
  private final Map<String, VaultResult<?>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger made = new AtomicInteger();

  @Override
  public synchronized Future<VaultResult<CardOnFile>> retrieve(String token) {
    return call("retrieve " + token, null, () -> known(token) ? done(token) : notFound());
  }

  @Override
  public synchronized Future<VaultResult<String>> createCustomer(
      String customerId, Map<String, Object> parameters, String idempotencyKey) {
    return call(
        "customer " + customerId + " " + parameters,
        idempotencyKey,
        () -> new VaultResult.Done<>("twin_" + made.incrementAndGet()));
  }

  @Override
  public synchronized Future<VaultResult<CardOnFile>> attach(
      String token, String customerReference, String idempotencyKey) {
    return call(
        "attach " + token + " " + customerReference,
        idempotencyKey,
        () -> {
          if (declined.contains(token)) {
            return refused(DeclineCode.GENERIC_DECLINE);
          }
          if (!known(token)) {
            return notFound();
          }
          String own = token.startsWith("pm_card_") ? "psp_" + made.incrementAndGet() : token;
          String owner = owners.putIfAbsent(own, customerReference);
          cards.add(own);
          return owner == null || owner.equals(customerReference)
              ? done(own)
              : refused(DeclineCode.REFUSED_BY_PSP);
        });
  }

  @Override
  public synchronized Future<VaultResult<CardOnFile>> detach(String token, String idempotencyKey) {
    return call(
        "detach " + token,
        idempotencyKey,
        () -> owners.remove(token) == null ? refused(DeclineCode.REFUSED_BY_PSP) : done(token));
  }

  /** How many calls there were of a kind. */
  synchronized long count(String kind) {
    return calls.stream().filter(call -> call.startsWith(kind + " ")).count();
  }

  private interface Effect<T> {
    VaultResult<T> happens();
  }

  @SuppressWarnings("unchecked") // a key is only ever used for calls of one kind
  private <T> Future<VaultResult<T>> call(
      String call, @Nullable String idempotencyKey, Effect<T> effect) {
    calls.add(call);
    if (trouble == Trouble.AWAY) {
      return Future.succeededFuture(new VaultResult.Unavailable<>("away"));
    }
    if (idempotencyKey == null) {
      return Future.succeededFuture(effect.happens());
    }
    String first = firstCalls.computeIfAbsent(idempotencyKey, ignored -> call);
    if (!first.equals(call)) {
      return Future.succeededFuture(new VaultResult.Unavailable<>("the key is another call's"));
    }
    var result =
        (VaultResult<T>) answers.computeIfAbsent(idempotencyKey, ignored -> effect.happens());
    boolean lost =
        trouble == Trouble.ANSWER_LOST
            || (trouble == Trouble.ATTACH_ANSWER_LOST && call.startsWith("attach "));
    return Future.succeededFuture(lost ? new VaultResult.Unavailable<>("lost") : result);
  }

  private boolean known(String token) {
    return token.startsWith("pm_card_") || cards.contains(token);
  }

  private static VaultResult<CardOnFile> done(String token) {
    return new VaultResult.Done<>(
        new CardOnFile(token, VISA, CardChecks.NONE, Map.of("name", "Ada")));
  }

  private static <T> VaultResult<T> notFound() {
    return new VaultResult.NotFound<>();
  }

  private static <T> VaultResult<T> refused(DeclineCode code) {
    return new VaultResult.Refused<>(new Decline(code, "raw", null, null, null));
  }
}
