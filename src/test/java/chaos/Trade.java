package chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import payments.PublicId;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Operation;
import simulator.Simulator;
import support.GatewayProcess;
import support.TestDatabase;

/**
 * Payments of every sort, made through a gateway: what each of them is, and which of its calls to
 * the PSP go wrong, is drawn from a seed.
 */
final class Trade {
  private static final int SIDE_BY_SIDE = 32;

  private final GatewayProcess gateway;
  private final Simulator simulator;
  private final List<Order> orders = new ArrayList<>();

  Trade(GatewayProcess gateway, Simulator simulator) {
    this.gateway = gateway;
    this.simulator = simulator;
  }

  /** What a merchant does with a payment once it is taken or held. */
  enum Then {
    NOTHING,
    CAPTURE,
    CANCEL,
    REFUND
  }

  /** What goes wrong with a call to the PSP. */
  enum Loss {
    NONE,
    /** It does as asked, and nobody hears of it. */
    ANSWER,
    /** It hears nothing. */
    CALL
  }

  /** One payment as the merchant wants it, and what it is called. */
  static final class Order {
    final String key;
    final String currency;
    final long amount;
    final String card;
    final boolean manual;
    final boolean answerLost;
    final Then then;
    final Loss loss;
    final long part;
    String id = "";

    /** What the PSP calls it. */
    String intent = "";

    Order(int number, Random random) {
      key = "order-" + number;
      currency = random.nextInt(4) == 0 ? "jpy" : "usd";
      amount = random.nextLong(1_000, 20_000);
      boolean good = random.nextInt(5) > 0;
      card = good ? pick(GOOD, random) : pick(BAD, random);
      manual = random.nextInt(3) == 0;
      answerLost = random.nextInt(4) == 0;
      part = random.nextBoolean() ? amount : random.nextLong(100, amount);
      then = answerLost ? Then.NOTHING : thenOf(good, random);
      loss = pick(List.of(Loss.NONE, Loss.NONE, Loss.ANSWER, Loss.ANSWER, Loss.CALL), random);
    }

    private Then thenOf(boolean good, Random random) {
      if (!good) {
        // What waits for its customer can be canceled, but not by a call that is never heard: the
        // answer to the challenge would wait for the end of that for ever.
        return card.startsWith("threeD") && random.nextInt(4) == 0 ? Then.CANCEL : Then.NOTHING;
      }
      if (!manual) {
        return random.nextInt(3) == 0 ? Then.REFUND : Then.NOTHING;
      }
      return pick(List.of(Then.NOTHING, Then.CAPTURE, Then.CAPTURE, Then.CANCEL), random);
    }

    String authorization() {
      return "amount=%d&currency=%s&confirm=true&payment_method=pm_card_%s&capture_method=%s"
              .formatted(amount, currency, card, manual ? "manual" : "automatic")
          + "&return_url=https://example.com/return";
    }

    Loss lossOfThen() {
      return then == Then.CANCEL && card.startsWith("threeD") && loss == Loss.CALL
          ? Loss.ANSWER
          : loss;
    }
  }

  private static final List<String> GOOD =
      List.of(
          "visa",
          "visa",
          "mastercard",
          "amex",
          "pendingRefund",
          "refundFail",
          "createDispute",
          "createDisputeInquiry",
          "createMultipleDisputes");
  private static final List<String> BAD =
      List.of(
          "chargeDeclined",
          "visa_chargeDeclinedInsufficientFunds",
          "threeDSecure2Required",
          "threeDSecure2Required",
          "threeDSecureRequiredChargeDeclined");

  static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  /** The payments in the order in which they were drawn. */
  List<Order> orders() {
    return List.copyOf(orders);
  }

  /** Makes payments; kinds of calls follow each other, so that each kind's faults hit only it. */
  void make(int payments, Random random) {
    for (int number = 0; number < payments; number++) {
      orders.add(new Order(number, random));
    }
    authorize(order -> !order.answerLost, Loss.NONE);
    authorize(order -> order.answerLost, Loss.ANSWER);
    for (Loss loss : Loss.values()) {
      follow(Then.CAPTURE, loss, "/capture", order -> "amount_to_capture=" + order.part);
      follow(Then.CANCEL, loss, "/cancel", order -> "cancellation_reason=abandoned");
      refund(loss);
    }
  }

  private void authorize(Predicate<Order> which, Loss loss) {
    List<HttpResponse<String>> answers =
        post(which, loss, order -> "/v1/payment_intents", Order::authorization, "");
    List<Order> asked = orders.stream().filter(which).toList();
    for (int at = 0; at < asked.size(); at++) {
      String body = answers.get(at).body();
      assertThat(answers.get(at).statusCode()).as(body).isIn(200, 402);
      asked.get(at).id =
          body.replaceAll("(?s).*?\"(" + PublicId.PAYMENT.prefix() + "\\w+)\".*", "$1");
    }
  }

  private void follow(Then then, Loss loss, String path, Function<Order, String> form) {
    post(
            order -> order.then == then && order.lossOfThen() == loss,
            loss,
            order -> "/v1/payment_intents/" + order.id + path,
            form,
            "-" + then)
        .forEach(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
  }

  private void refund(Loss loss) {
    post(
            order -> order.then == Then.REFUND && order.lossOfThen() == loss,
            loss,
            order -> "/v1/refunds",
            order -> "payment_intent=" + order.id + "&amount=" + order.part,
            "-refund")
        .forEach(answer -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
  }

  private List<HttpResponse<String>> post(
      Predicate<Order> which,
      Loss loss,
      Function<Order, String> path,
      Function<Order, String> form,
      String keySuffix) {
    switch (loss) {
      case NONE -> {}
      case ANSWER -> lose(Fault.answerLost());
      case CALL -> lose(Fault.reset());
    }
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (Order order : orders.stream().filter(which).toList()) {
      if (answers.size() >= SIDE_BY_SIDE) {
        answers.get(answers.size() - SIDE_BY_SIDE).join();
      }
      answers.add(
          gateway.send(path.apply(order), form.apply(order), CrashSite.KEY, order.key + keySuffix));
    }
    List<HttpResponse<String>> heard = answers.stream().map(CompletableFuture::join).toList();
    simulator.faults().clear();
    return heard;
  }

  private void lose(Fault fault) {
    for (var call :
        List.of(Operation.AUTHORIZE, Operation.CAPTURE, Operation.CANCEL, Operation.REFUND)) {
      simulator.faults().always(CallMatch.of(call), fault);
    }
  }

  /** Learns what the PSP calls each payment, also where the gateway has not heard it. */
  void learnNames(TestDatabase database) {
    Map<String, String> intents = new HashMap<>();
    simulator.webhooks().events(GatewayProcess.PSP_KEY).stream()
        .filter(event -> event.type().equals("payment_intent.created"))
        .forEach(event -> intents.put(event.metadata().get("operation_id"), event.object()));
    Map<String, String> names = new HashMap<>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT idempotency_key, psp_idempotency_key FROM operation WHERE kind ="
                    + " 'authorize'")) {
      while (rows.next()) {
        names.put(rows.getString(1), rows.getString(2));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    for (Order order : orders) {
      order.intent = requireNonNull(intents.get(names.get(order.key)), order.key);
    }
  }
}
