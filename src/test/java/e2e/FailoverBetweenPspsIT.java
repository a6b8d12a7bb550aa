package e2e;

import static org.assertj.core.api.Assertions.assertThat;

import config.PspKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simulator.Fault;
import support.Await;
import support.TestGateway;

/**
 * A merchant at Adyen and at Stripe, whose first PSP fails every call in one way, under load: no
 * payment is charged at both, payments go on at the other PSP (at once where nothing can have been
 * charged, else as soon as the breaker is open), and what was left in doubt is settled where it is.
 */
final class FailoverBetweenPspsIT {
  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());
  private static final int LOAD = 16;
  private static final int WAVE = 4;

  private static final Random RANDOM = new Random(SEED);

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        TestGateway.startWith(
            TwoPsps::merchants,
            "--recovery.schedule=50ms,100ms,200ms",
            "--inbox.schedule=50ms,100ms,200ms",
            "--timeouts.psp-call=1500ms",
            "--timeouts.psp-connect=500ms",
            "--timeouts.breaker=4s",
            "--breaker.max-failures=3",
            "--breaker.window=60s",
            "--breaker.reset-after=200ms");
  }

  @AfterAll
  static void close() {
    gateway.awaitWorkedInbox();
    TwoPsps.books(gateway).balance();
    TwoPsps.books(gateway).chargedOnce();
    gateway.close();
  }

  @AfterEach
  void noMoreFaults() {
    gateway.simulator().faults().clear();
    gateway.simulator().faults().release();
  }

  /** What its failure says of a payment. */
  private enum Proof {
    /** It has charged nothing: the other PSP approves at once. */
    NOTHING_CHARGED,
    /**
     * Nothing: that payment stays where it is, and the next ones go on once the breaker is open.
     */
    NONE,
    /** The card is declined for good, and nobody else is asked. */
    DECLINED,
    /** It approves, if late. */
    APPROVED
  }

  /** How what it leaves in doubt is settled once it is well. */
  private enum Settled {
    /** By a repeat or a look-up. */
    WHEN_ASKED,
    /** Adyen repeats its first answer for ever and has no look-up; its webhook tells. */
    WHEN_TOLD,
    /** By nobody but an operator: what it did not do, it tells nobody of. */
    NEVER
  }

  private record Way(
      String name, @Nullable Fault fault, @Nullable String card, Proof proof, Settled settled) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Way doubt(String name, Fault fault, Settled settled) {
    return new Way(name, fault, null, Proof.NONE, settled);
  }

  private static Way doubt(String name, Fault fault) {
    return doubt(name, fault, Settled.WHEN_ASKED);
  }

  private static Way known(String name, @Nullable Fault fault, @Nullable String card, Proof proof) {
    return new Way(name, fault, card, proof, Settled.WHEN_ASKED);
  }

  static Stream<Way> ways() {
    return Stream.of(
        known("401", Fault.unauthorized(), null, Proof.NOTHING_CHARGED),
        known(
            "decline that may be tried elsewhere",
            null,
            "pm_card_chargeDeclinedProcessingError",
            Proof.NOTHING_CHARGED),
        known(
            "decline about the card",
            null,
            "pm_card_chargeDeclinedInsufficientFunds",
            Proof.DECLINED),
        known("slow", Fault.answerLate(Duration.ofMillis(300)), null, Proof.APPROVED),
        doubt("timeout", Fault.hang()),
        doubt("timeout with effect, then breaker open", Fault.hangAfterEffect()),
        doubt("reset", Fault.reset()),
        doubt("reset after effect", Fault.answerLost()),
        doubt("429", Fault.rateLimited(Duration.ofSeconds(1))),
        doubt("500", Fault.serverError(500)),
        doubt("503 after effect", Fault.serverErrorAfterEffect(503)),
        doubt("a firewall's page", Fault.page(403)),
        doubt("a page instead of an answer, with effect", Fault.notJson()),
        doubt("half an answer", Fault.truncated()),
        doubt("empty", Fault.emptyBody()),
        doubt(
            "500 after effect, replayed", Fault.serverErrorAfterEffectKept(500), Settled.WHEN_TOLD),
        // The last: what it leaves is sent again and again, and counts for the breaker.
        doubt("500 replayed", Fault.serverErrorKept(500), Settled.NEVER));
  }

  static Stream<Arguments> failures() {
    return Stream.concat(
        Stream.of(TwoPsps.ADYEN_THEN_STRIPE, TwoPsps.STRIPE_THEN_ADYEN)
            .flatMap(pair -> ways().map(way -> Arguments.of(pair, way))),
        Stream.of(TwoPsps.SHUT_ADYEN_THEN_STRIPE, TwoPsps.SHUT_STRIPE_THEN_ADYEN)
            .map(
                pair ->
                    Arguments.of(
                        pair, known("connection refused", null, null, Proof.NOTHING_CHARGED))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("failures")
  void chargesOnceAndGoesOnAtTheOtherPsp(TwoPsps pair, Way way) {
    try (var till = new Till(gateway, pair.secretKey())) {
      // One that nobody has saved is for one payment: the next one with it is refused.
      String card = way.card;
      IntFunction<String> methods =
          card == null
              ? at -> Till.VISA
              : at -> pair.method(gateway, way.name.replace(' ', '_') + at, card, Till.VISA);
      if (pair.reachable()) {
        untilWell(pair, till);
      }
      if (way.fault != null) {
        hearing(pair, way);
        gateway.simulator().faults().always(pair.atFirst(), way.fault);
      }
      List<String> payments = new ArrayList<>();
      List<Till.Reply> replies = load(till, methods, LOAD, payments);
      meets(pair, way, payments, replies);

      gateway.simulator().faults().clear();
      gateway.simulator().faults().release();
      if (way.settled != Settled.NEVER) {
        Await.until(told("all is settled"), () -> pair.open(gateway) == 0);
        long approved = way.proof == Proof.DECLINED ? 0 : payments.size();
        assertThat(pair.approved(gateway, payments, null))
            .as(told("approved in the end"))
            .isEqualTo(approved);
      }
      assertThat(pair.triedTwiceWithoutProof(gateway)).as(told("tried twice")).isZero();
      TwoPsps.books(gateway).chargedOnce();
      gateway.simulator().webhooks().sendNowhere(pair.first().key());
    }
  }

  private static void meets(
      TwoPsps pair, Way way, List<String> payments, List<Till.Reply> replies) {
    switch (way.proof) {
      case NOTHING_CHARGED ->
          assertThat(pair.approved(gateway, payments, pair.second()))
              .as(told("approved by the other PSP at once"))
              .isEqualTo(LOAD);
      case APPROVED ->
          assertThat(pair.approved(gateway, payments, pair.first()))
              .as(told("approved late"))
              .isEqualTo(LOAD);
      case DECLINED ->
          assertThat(replies).as(told("declined")).allMatch(reply -> reply.status() == 402);
      case NONE -> {
        assertThat(replies)
            .as(told("in doubt or approved"))
            .allMatch(reply -> reply.status() == 200);
        try (var till = new Till(gateway, pair.secretKey())) {
          Await.until(
              told("new payments go on at the other PSP"),
              () -> {
                List<String> wave = new ArrayList<>();
                load(till, at -> Till.VISA, WAVE, wave);
                payments.addAll(wave);
                return pair.approved(gateway, wave, pair.second()) == WAVE;
              });
        }
      }
    }
  }

  /** Takes payments at once, some of them only held; adds their ids. */
  private static List<Till.Reply> load(
      Till till, IntFunction<String> methods, int number, List<String> payments) {
    List<String> forms = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      String more = RANDOM.nextInt(4) == 0 ? "capture_method=manual" : "";
      forms.add(Till.form(1_000 + RANDOM.nextInt(9_000), methods.apply(i), more));
    }
    List<CompletableFuture<Till.Reply>> asked = new ArrayList<>();
    for (String form : forms) {
      asked.add(till.posting("/v1/payment_intents", form, Till.newKey()));
    }
    List<Till.Reply> replies = asked.stream().map(CompletableFuture::join).toList();
    replies.forEach(
        reply -> {
          assertThat(reply.status()).as(told(reply.text())).isIn(200, 402);
          payments.add(reply.payment().getString("id"));
        });
    return replies;
  }

  /** The last way's breaker has closed. */
  private static void untilWell(TwoPsps pair, Till till) {
    Await.until(
        told("the first PSP takes payments"),
        () -> {
          List<String> one = new ArrayList<>();
          load(till, at -> Till.VISA, 1, one);
          return pair.approved(gateway, one, pair.first()) == 1;
        });
  }

  private static void hearing(TwoPsps pair, Way way) {
    if (way.settled == Settled.WHEN_TOLD && pair.first().psp() == PspKind.ADYEN) {
      gateway
          .simulator()
          .webhooks()
          .sendTo(
              pair.first().key(),
              gateway.webhooks().resolve("/webhooks/adyen/" + pair.first().id()),
              TwoPsps.ADYEN_HMAC_KEY);
    }
  }

  private static String told(String what) {
    return what + ", seed " + SEED;
  }
}
