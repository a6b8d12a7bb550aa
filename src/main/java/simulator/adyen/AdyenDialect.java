package simulator.adyen;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
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

/** Adyen's Checkout API, version 71, over the simulated bank. */
public final class AdyenDialect implements Dialect {
  private static final String API = "/v71/";

  private final AdyenWorld world;
  private final List<Endpoint> endpoints;
  private final Payments payments;
  private final Modifications modifications;
  private final ChallengePage challenges;
  private final AdyenDesk desk;
  private final AdyenControls controls;

  /**
   * @param baseUrl where shoppers' browsers reach this simulator, once it listens
   */
  public AdyenDialect(
      Bank bank,
      Journal journal,
      SimulatorOptions options,
      Webhooks webhooks,
      Supplier<String> baseUrl) {
    this.world = new AdyenWorld(bank, journal, options, webhooks, baseUrl);
    this.payments = new Payments(world);
    this.modifications = new Modifications(world);
    this.challenges = new ChallengePage(world, payments);
    this.desk = new AdyenDesk(world);
    this.controls = new AdyenControls(journal, world, payments, modifications, challenges);
    this.endpoints =
        Stream.of(payments.endpoints(), modifications.endpoints()).flatMap(List::stream).toList();
    bank.onSettlement(this::settle);
  }

  /** What tests and people control of it. */
  public AdyenControls controls() {
    return controls;
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

  /** What comes later in reality comes now: one step of each thing that is open. */
  private int settle() {
    int settled = 0;
    for (AdyenAccount account : world.accounts()) {
      for (AdyenPayment payment : account.unsettled()) {
        if (payments.settle(account, payment) || desk.settle(account, payment)) {
          settled++;
        }
      }
      List<Modification> open = account.open();
      open.forEach(modification -> modifications.carryOut(account, modification));
      settled += open.size();
    }
    world.events().release();
    return settled;
  }

  @Override
  public void clear() {
    world.clear();
    payments.usuallyCapturedAtOnce(true);
    payments.captureWaits(false);
    payments.bareDetails(false);
    modifications.atOnce(true);
  }

  @Override
  public Answer misstate(Answer answer, Fault.Misstatement lie) {
    JsonObject body;
    try {
      body = new JsonObject(answer.body());
    } catch (DecodeException notAnObject) {
      return answer;
    }
    switch (lie.field()) {
      case AMOUNT -> {
        if (body.getValue("amount") instanceof JsonObject amount) {
          amount.put("value", amount.getLong("value") + lie.skewMinor());
        }
      }
      case CURRENCY -> {
        if (body.getValue("amount") instanceof JsonObject amount) {
          amount.put("currency", lie.value());
        }
      }
      case STATUS -> {
        if (body.containsKey("resultCode")) {
          body.put("resultCode", lie.value());
        } else if (body.getValue("status") instanceof String) {
          body.put("status", lie.value());
        }
      }
    }
    return answer.withBody(body.toBuffer());
  }
}
