package flows;

import static org.assertj.core.api.Assertions.assertThat;

import flows.FactBench.Paid;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import payments.CaptureMethod;
import payments.Command;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.PaymentStatus;
import payments.RequestContext;
import psp.PspCall;
import psp.PspFact;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Details;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.Sending;
import support.Books;

/**
 * Everything at once while a customer is away: they come back twice, the merchant confirms another
 * card, changes or cancels the payment, the deadline is reached, webhooks come and answers are
 * lost. In the end the payment holds what the PSP took and kept, and never the money of two cards.
 */
final class ChallengeRacesIT {
  private static final int ROUNDS = 20;
  private static final long SEED = Long.getLong("seed", new Random().nextLong());

  /** Where an authorization stands at the PSP. */
  private enum Truth {
    WAITING,
    TAKEN,
    FAILED,
    VOID
  }

  private final Random random = new Random(SEED);
  private final Map<String, Truth> truth = new HashMap<>();
  private final Map<String, Long> amounts = new HashMap<>();
  private final Map<String, PspResult> answered = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private final Set<String> ends = new HashSet<>();
  private long refunded;
  private boolean challenges;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endInWhatThePspTookAndKept(boolean onlyByOurWord) {
    try (var bench = new FactBench(onlyByOurWord)) {
      var psp =
          new Function<Sending, Future<PspResult>>() {
            @Override
            public Future<PspResult> apply(Sending sending) {
              bench.script.add(this);
              return Future.succeededFuture(answer(sending));
            }
          };
      bench.script.add(psp);
      bench.asked =
          sending -> onlyByOurWord ? new Unknown(UnknownReason.NOT_FOUND, "none") : now(sending);
      for (int round = 0; round < ROUNDS; round++) {
        round(bench, onlyByOurWord);
      }
      Books.balance(bench.postgres);
    }
    assertThat(ends).as("seed " + SEED).hasSizeGreaterThan(1).contains("succeeded");
  }

  // ---- the PSP

  private PspResult answer(Sending sending) {
    PspResult known = answered.get(sending.idempotencyKey());
    if (known != null) {
      return known;
    }
    if (random.nextInt(5) == 0) {
      told.add(sending.kind() + " is not heard");
      return new Unknown(UnknownReason.TIMEOUT, "not heard");
    }
    PspResult result = done(sending);
    answered.put(sending.idempotencyKey(), result);
    told.add(sending.kind() + " is answered by " + result.getClass().getSimpleName());
    return random.nextInt(5) == 0 && sending.kind() != OperationKind.AUTHORIZE
        ? new Unknown(UnknownReason.TIMEOUT, "the answer is lost")
        : result;
  }

  private PspResult done(Sending sending) {
    String reference = sending.call().path();
    return switch (sending.kind()) {
      case AUTHORIZE -> {
        String made = "psp_" + sending.operationId();
        amounts.put(made, sending.amount().minor());
        truth.put(made, challenges ? Truth.WAITING : Truth.TAKEN);
        yield challenges
            ? new ActionRequired(made, "https://psp.test/3ds", Details.NONE)
            : taken(made);
      }
      case COMPLETE_AUTHENTICATION -> {
        if (truth.get(reference) == Truth.WAITING) {
          finish(reference);
        }
        yield truth.get(reference) == Truth.TAKEN
            ? taken(reference)
            : FactBench.declined(reference);
      }
      case VOID -> {
        if (sending.call().body().equals(FactBench.LET_GO_BY_KEY)) {
          // What waits is not authorized, and what is taken is no hold: there is nothing.
          yield FactBench.declined("nothing_" + sending.operationId());
        }
        truth.computeIfPresent(
            reference, (name, stands) -> stands == Truth.TAKEN ? stands : Truth.VOID);
        yield now(sending);
      }
      case REFUND -> {
        refunded += sending.amount().minor();
        yield FactBench.approved("re_" + sending.operationId(), sending.amount().minor(), true);
      }
      case CAPTURE -> throw new AssertionError("nothing is captured here");
    };
  }

  private void finish(String reference) {
    truth.computeIfPresent(
        reference,
        (name, stands) ->
            stands != Truth.WAITING ? stands : random.nextInt(3) > 0 ? Truth.TAKEN : Truth.FAILED);
  }

  private PspResult now(Sending sending) {
    String known = sending.reference();
    String reference = known == null ? sending.call().path() : known;
    Truth stands = truth.getOrDefault(reference, Truth.WAITING);
    if (sending.kind() == OperationKind.VOID) {
      return switch (stands) {
        case VOID -> FactBench.approved(reference, amounts.getOrDefault(reference, 1L), false);
        case TAKEN, FAILED -> FactBench.declined(reference);
        case WAITING -> new Unknown(UnknownReason.NOT_FOUND, "it stands");
      };
    }
    return asAuthorize(reference, stands);
  }

  private PspResult asAuthorize(String reference, Truth stands) {
    return switch (stands) {
      case WAITING -> new ActionRequired(reference, "https://psp.test/3ds", Details.NONE);
      case TAKEN -> taken(reference);
      case FAILED, VOID -> FactBench.declined(reference);
    };
  }

  private PspResult taken(String reference) {
    return FactBench.approved(reference, amounts.getOrDefault(reference, 0L), true);
  }

  // ---- a round

  private void round(FactBench bench, boolean onlyByOurWord) {
    truth.clear();
    amounts.clear();
    told.clear();
    refunded = 0;
    challenges = true;
    Paid paid = bench.pay(CaptureMethod.AUTOMATIC);
    challenges = false;
    for (int look = 0; look < 20; look++) {
      Operation charge = bench.operation(paid.charge());
      if (charge.status() == OperationStatus.AWAITING_CUSTOMER) {
        break;
      }
      challenges = true;
      bench.recover(charge);
      challenges = false;
    }
    List<Future<?>> all = new ArrayList<>();
    int number = 2 + random.nextInt(4);
    for (int i = 0; i < number; i++) {
      Supplier<Future<?>> action = action(bench, paid, onlyByOurWord);
      all.add(bench.onContextLater(() -> action.get().otherwiseEmpty()));
    }
    Future.join(all).await();
    settle(bench, paid.id());
    check(bench, paid.id());
  }

  private Supplier<Future<?>> action(FactBench bench, Paid paid, boolean onlyByOurWord) {
    var flows = new CommandFlows(bench.services);
    int which = random.nextInt(6);
    told.add("action " + which);
    return switch (which) {
      case 0, 1 -> onlyByOurWord ? visit(bench, paid, "visit-" + which) : finishing(bench, paid);
      case 2 -> () -> flows.run(confirming(paid));
      case 3 -> () -> flows.run(bench.cancelOf(paid));
      case 4 -> () -> abandoned(bench, paid);
      default ->
          () ->
              bench.telling(
                  new PspFact.Authorization(
                      "psp_" + paid.key(),
                      paid.key(),
                      asAuthorize(
                          "psp_" + paid.key(),
                          truth.getOrDefault("psp_" + paid.key(), Truth.WAITING)),
                      new Unknown(UnknownReason.NOT_FOUND, "not captured by itself"),
                      truth.get("psp_" + paid.key()) == Truth.VOID
                          ? FactBench.approved("psp_" + paid.key(), 1_000, false)
                          : new Unknown(UnknownReason.NOT_FOUND, "not void"),
                      truth.get("psp_" + paid.key()) == Truth.VOID,
                      null));
    };
  }

  private static Supplier<Future<?>> visit(FactBench bench, Paid paid, String details) {
    String url = PspCall.ofStored(bench.operation(paid.charge()).request()).path();
    ReturnAddress address = ReturnAddress.parse(java.net.URI.create(url).getPath()).orElseThrow();
    var visit =
        new Command.ReturnCustomer(
            request(), address.operationKey(), address.proof(), Map.of("redirectResult", details));
    return () -> new CommandFlows(bench.services).run(visit);
  }

  /** The customer finishes at the PSP, and recovery looks. */
  private Supplier<Future<?>> finishing(FactBench bench, Paid paid) {
    Operation charge = bench.operation(paid.charge());
    return () -> {
      finish("psp_" + paid.key());
      return charge.status() == OperationStatus.AWAITING_CUSTOMER
          ? new RecoverOperation(bench.services).run(charge)
          : Future.succeededFuture();
    };
  }

  private static Future<?> abandoned(FactBench bench, Paid paid) {
    return bench
        .services
        .reads()
        .find(FactBench.MERCHANT, false, paid.id())
        .compose(
            payment ->
                bench
                    .services
                    .reads()
                    .operation(FactBench.MERCHANT, false, paid.charge())
                    .compose(
                        charge ->
                            payment.orElseThrow().status() == PaymentStatus.REQUIRES_ACTION
                                    && charge.orElseThrow().status()
                                        == OperationStatus.AWAITING_CUSTOMER
                                ? new EndChallenge(bench.services)
                                    .abandon(
                                        payment.orElseThrow(), charge.orElseThrow(), "recovery")
                                : Future.succeededFuture()));
  }

  private static Command confirming(Paid paid) {
    return new Command.ConfirmPayment(
        request(),
        paid.id(),
        null,
        new Command.Confirmation(
            "pm_card_mastercard", null, Parameters.EMPTY, false, null, Parameters.EMPTY));
  }

  private static RequestContext request() {
    return new RequestContext(FactBench.MERCHANT, false, "req_race", "key", false, null, List.of());
  }

  /** Looks at what is open until nothing is, as recovery does. */
  private void settle(FactBench bench, UUID payment) {
    int waited = 0;
    for (int look = 0; look < 60; look++) {
      String ofPayment = "payment_id = '" + payment + "' AND held_reason IS NULL AND status IN ";
      String open = open(bench, ofPayment + "('pending', 'unknown', 'accepted')");
      // The customer may have finished while others were asked in vain, however often.
      if (open.isEmpty() && waited++ < 5) {
        open = open(bench, ofPayment + "('awaiting_customer')");
      }
      if (open.isEmpty()) {
        return;
      }
      open.lines().map(UUID::fromString).forEach(id -> bench.recover(bench.operation(id)));
    }
    throw new AssertionError("does not settle, seed " + SEED + ": " + told);
  }

  private static String open(FactBench bench, String which) {
    return bench.text("SELECT operation_id FROM operation WHERE " + which + " ORDER BY 1");
  }

  private void check(FactBench bench, UUID payment) {
    String history =
        "seed " + SEED + ": " + told + "\n" + bench.history(payment) + "\n" + bench.state(payment);
    long taken =
        truth.entrySet().stream()
            .filter(entry -> entry.getValue() == Truth.TAKEN)
            .mapToLong(entry -> amounts.getOrDefault(entry.getKey(), 0L))
            .sum();
    assertThat(
            bench.number(
                "SELECT captured - refunded FROM payment WHERE payment_id = '" + payment + "'"))
        .as(history)
        .isEqualTo(taken - refunded);
    assertThat(taken - refunded).as(history).isIn(0L, 1_000L);
    ends.add(bench.text("SELECT status FROM payment WHERE payment_id = '" + payment + "'"));
    assertThat(bench.text("SELECT status FROM payment WHERE payment_id = '" + payment + "'"))
        .as(history)
        .isNotEqualTo("processing");
    assertThat(
            bench.number(
                "SELECT count(*) FROM anomaly WHERE kind NOT IN ('late_success') AND payment_id = '"
                    + payment
                    + "'"))
        .as(history)
        .isZero();
  }
}
