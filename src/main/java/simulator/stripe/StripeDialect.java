package simulator.stripe;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import simulator.Answer;
import simulator.Bank;
import simulator.Dialect;
import simulator.Fault;
import simulator.Inbound;
import simulator.Journal;
import simulator.PageVisit;
import simulator.PaymentDesk;
import simulator.SimulatorOptions;
import simulator.webhooks.Webhooks;

/** Stripe's API over the simulated bank. */
public final class StripeDialect implements Dialect {
  static final String API_VERSION = "2026-07-29.dahlia";
  private static final String API = "/v1/";
  private static final Set<String> AMOUNTS =
      Set.of(
          "amount", "amount_received", "amount_capturable", "amount_captured", "amount_refunded");

  private final StripeWorld world;
  private final List<Endpoint> endpoints;
  private final ChallengePage challenges;
  private final StripeDesk desk;

  /**
   * @param baseUrl where customers' browsers reach this simulator, once it listens
   */
  public StripeDialect(
      Bank bank,
      Journal journal,
      SimulatorOptions options,
      Webhooks webhooks,
      Supplier<String> baseUrl) {
    this.world = new StripeWorld(bank, journal, options, webhooks, baseUrl);
    PaymentMethods paymentMethods = new PaymentMethods(world);
    Confirmation confirmation = new Confirmation(world, paymentMethods);
    this.challenges = new ChallengePage(world, confirmation);
    PaymentIntents intents = new PaymentIntents(world, confirmation);
    this.desk = new StripeDesk(world, intents);
    this.endpoints =
        Stream.of(
                intents.endpoints(),
                new Charges(world).endpoints(),
                new Refunds(world).endpoints(),
                new Disputes(world).endpoints(),
                new Events(webhooks).endpoints(),
                new Customers(world, paymentMethods).endpoints(),
                paymentMethods.endpoints())
            .flatMap(List::stream)
            .toList();
  }

  /** What is done at the provider without the merchant's calls. */
  public PaymentDesk desk() {
    return desk;
  }

  @Override
  public boolean serves(String path) {
    return path.startsWith(API) || path.startsWith(ChallengePage.PATH);
  }

  @Override
  public Visit open(Inbound request) {
    return request.path().startsWith(API)
        ? new ApiVisit(world, endpoints, request, request.path().substring(API.length()))
        : new PageVisit(world.now(), challenges::answer, request);
  }

  /** Completes an open challenge in the customer's place; false when there was none. */
  public boolean completeChallenge(String paymentIntent, boolean passed) {
    return world.bank().exclusively(() -> challenges.complete(paymentIntent, passed));
  }

  /** Completes the open challenge of a page; where the browser is sent from there. */
  public Optional<URI> completeChallenge(URI page, boolean passed) {
    return world.bank().exclusively(() -> challenges.complete(page, passed));
  }

  @Override
  public void clear() {
    world.clear();
  }

  @Override
  public Answer misstate(Answer answer, Fault.Misstatement lie) {
    JsonObject body;
    try {
      body = new JsonObject(answer.body());
    } catch (DecodeException notAnObject) {
      return answer;
    }
    misstate(body, lie);
    return answer.withBody(body.toBuffer());
  }

  private static void misstate(JsonObject object, Fault.Misstatement lie) {
    for (Map.Entry<String, Object> entry : List.copyOf(object.getMap().entrySet())) {
      String name = entry.getKey();
      Object value = object.getValue(name);
      if (value instanceof JsonObject inner) {
        misstate(inner, lie);
      } else if (value instanceof JsonArray list) {
        list.forEach(
            each -> {
              if (each instanceof JsonObject inner) {
                misstate(inner, lie);
              }
            });
      } else if (value instanceof Number amount && AMOUNTS.contains(name)) {
        if (lie.field() == Fault.Misstatement.Field.AMOUNT && amount.longValue() != 0) {
          object.put(name, amount.longValue() + lie.skewMinor());
        }
      } else if (value instanceof String && isLie(object, name, lie)) {
        object.put(name, lie.value());
      }
    }
  }

  private static boolean isLie(JsonObject object, String name, Fault.Misstatement lie) {
    return switch (lie.field()) {
      case AMOUNT -> false;
      case CURRENCY -> name.equals("currency");
      case STATUS -> name.equals("status") && object.containsKey("object");
    };
  }
}
