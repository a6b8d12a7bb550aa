package flows;

import flows.OperationRunner.Running;
import flows.Views.PaymentView;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Command;
import payments.Decline;
import payments.DeclineCode;
import payments.Operation;
import payments.OperationKind;
import payments.OperationStatus;
import payments.Parameters;
import payments.Payment;
import payments.PaymentEvent;
import payments.PaymentStatus;
import payments.PublicId;
import payments.RequestContext;
import payments.Transitions;
import psp.Psp;
import psp.PspCommand;
import store.Write;

/**
 * A customer's browser comes back from an authentication through us, and goes on to the merchant. A
 * PSP that decides by what the browser brings is told that, and its answer ends the charge; any
 * other one has decided by itself, and is asked what. A browser may come back any number of times,
 * reload, or never have been there at all: only the first visit with such details begins something,
 * one at a time, and every other one is sent where the first one was.
 */
final class ReturnCustomer {
  private static final Logger LOG = LoggerFactory.getLogger(ReturnCustomer.class);

  private static final int FOUND = 302;
  private static final int NOT_FOUND = 404;

  /** The details' digest, by which a second visit with the same is known. */
  private static final String DETAILS = "details";

  /** With how many looks a visit gives up, which is more than the waits take. */
  private static final int MOST_LOOKS = 20;

  /** More than any customer needs; what is forged does not go on for ever. */
  private static final int MOST_COMPLETIONS = 10;

  /** How long a visit waits for an end that is not its own doing: about eight seconds. */
  private static final List<Long> WAITS_MS =
      List.of(100L, 200L, 300L, 400L, 500L, 500L, 1_000L, 1_000L, 1_000L, 1_000L, 1_000L, 1_000L);

  /**
   * How many visits of one charge wait at once: who loads an address over and over takes no more.
   */
  private static final int MOST_WAITING = 2;

  private final Services services;
  private final Map<UUID, Integer> waiting = new ConcurrentHashMap<>();
  private final Beginnings beginnings;
  private final Durably durably;
  private final OperationRunner runner;
  private final WakeChallenge wake;

  ReturnCustomer(Services services) {
    this.services = services;
    this.beginnings = new Beginnings(services);
    this.durably = new Durably(services);
    this.runner = new OperationRunner(services);
    this.wake = new WakeChallenge(services);
  }

  /** Where the browser is sent, or that the address is none of ours. */
  Future<Answer> run(Command.ReturnCustomer command) {
    RequestContext context = command.context();
    var address =
        new ReturnAddress(
            context.merchantId(), context.livemode(), command.operationKey(), command.proof());
    return services
        .reads()
        .authorization(context.merchantId(), context.livemode(), command.operationKey())
        .compose(
            found ->
                found
                    .filter(address::isOf)
                    .map(charge -> visit(command, charge, 0, false))
                    .orElseGet(() -> Future.succeededFuture(unknown())));
  }

  private static Answer unknown() {
    return new Answer(NOT_FOUND, "", false);
  }

  private Future<Payment> payment(Operation charge) {
    return services
        .reads()
        .find(charge.merchantId(), charge.livemode(), charge.paymentId())
        .map(
            found ->
                found.orElseThrow(() -> new IllegalStateException("an operation has a payment")));
  }

  /**
   * Looks how matters stand. The payment is read first: where a write over it as it was read
   * succeeds, its charge has not ended since.
   *
   * @param waits whether it has one of the places for those who wait
   */
  private Future<Answer> visit(
      Command.ReturnCustomer command, Operation known, int looks, boolean waits) {
    return payment(known)
        .compose(
            payment ->
                services
                    .reads()
                    .operationsOf(payment)
                    .compose(
                        operations -> {
                          Operation charge =
                              operations.stream()
                                  .filter(it -> it.id().equals(known.id()))
                                  .findFirst()
                                  .orElse(known);
                          return charge.status() == OperationStatus.AWAITING_CUSTOMER
                              ? decide(command, payment, charge, operations, looks, waits)
                              : Future.succeededFuture(sentOn(payment, landing(charge)));
                        }));
  }

  private Future<Answer> decide(
      Command.ReturnCustomer command,
      Payment payment,
      Operation charge,
      List<Operation> operations,
      int looks,
      boolean waits) {
    Psp psp = services.psps().psp(charge.pspAccountId());
    boolean away = payment.status() == PaymentStatus.REQUIRES_ACTION;
    boolean byOurWord = away && psp.authorizesOnlyByOurWord();
    boolean ends = away ? !byOurWord : payment.status() == PaymentStatus.PROCESSING;
    if (ends && looks < WAITS_MS.size() && (waits || mayWait(charge.id()))) {
      // The PSP has sent the customer back and may have told nobody yet.
      wake.of(payment);
      Future<Answer> landed =
          Durably.pause(WAITS_MS.get(looks))
              .compose(ignored -> visit(command, charge, looks + 1, true));
      return waits ? landed : landed.onComplete(ignored -> waitsNoMore(charge.id()));
    }
    Map<String, String> details = known(command.details(), psp);
    if (!byOurWord || details.isEmpty() || looks > MOST_LOOKS) {
      return Future.succeededFuture(sentOn(payment, Landing.PENDING));
    }
    List<Operation> completions =
        operations.stream()
            .filter(
                it ->
                    it.kind() == OperationKind.COMPLETE_AUTHENTICATION
                        && charge.id().equals(it.chargeId()))
            .toList();
    String digest = PspKeys.ofDetails(details);
    Optional<Operation> same =
        completions.stream()
            .filter(it -> digest.equals(it.parameters().text(DETAILS)) && !isUnheard(it))
            .findFirst();
    if (same.isPresent() && same.get().status() == OperationStatus.SUCCEEDED) {
      return Future.succeededFuture(askedAgain(payment));
    }
    if (same.isPresent() || completions.size() >= MOST_COMPLETIONS) {
      return Future.succeededFuture(sentOn(payment, Landing.FAILED));
    }
    return complete(command.context(), payment, charge, details)
        .compose(
            status ->
                status.isEmpty()
                    // Another visit, a cancel or the deadline was first.
                    ? visit(command, charge, looks + 1, waits)
                    : Durably.afterwards(completed(charge, status.get())));
  }

  private boolean mayWait(UUID charge) {
    if (waiting.merge(charge, 1, Integer::sum) <= MOST_WAITING) {
      return true;
    }
    waitsNoMore(charge);
    return false;
  }

  private void waitsNoMore(UUID charge) {
    waiting.computeIfPresent(charge, (id, count) -> count == 1 ? null : count - 1);
  }

  /** Of what a browser brought, what its PSP gives browsers to bring. */
  private static Map<String, String> known(Map<String, String> brought, Psp psp) {
    var known = new HashMap<>(brought);
    known.keySet().retainAll(psp.returnParameters());
    return known;
  }

  /** The call was refused, not what the customer brought: that may be told once more. */
  private static boolean isUnheard(Operation completion) {
    Decline decline = completion.decline();
    return completion.status() == OperationStatus.FAILED
        && decline != null
        && decline.code() == DeclineCode.KEY_REFUSED;
  }

  /** Tells the PSP; what became of it, or empty where the payment had moved on. */
  private Future<Optional<OperationStatus>> complete(
      RequestContext context, Payment payment, Operation charge, Map<String, String> details) {
    var id = services.ids().next();
    String key = PspKeys.of(context, OperationKind.COMPLETE_AUTHENTICATION, id, 0);
    Payment begun =
        new PaymentDraft(payment)
            .status(Transitions.require(payment.status(), PaymentEvent.AUTHENTICATION_BEGUN))
            .payment();
    var facts =
        Beginnings.Begun.on(
            charge,
            id,
            OperationKind.COMPLETE_AUTHENTICATION,
            charge.amount(),
            key,
            new PspCommand.CompleteAuthentication(key, charge.pspReference(), details));
    var kept = new Parameters(Map.of(DETAILS, PspKeys.ofDetails(details)));
    Operation operation = beginnings.operation(context, begun, facts, kept);
    var cause = new Write.Cause("authentication_begun", context.requestId(), context.actor());
    return durably
        .begin(beginnings.over(payment, begun, operation, null, cause))
        .compose(
            ours ->
                ours
                    ? runner
                        .end(new Running(null, PaymentView.of(begun), operation, cause, null))
                        .map(ended -> Optional.of(ended.status()))
                        .recover(unsettled -> unsettled(operation, unsettled))
                    : Future.succeededFuture(Optional.empty()));
  }

  /** It is begun, so that recovery ends it whatever went wrong here; the browser does not wait. */
  private static Future<Optional<OperationStatus>> unsettled(Operation operation, Throwable cause) {
    LOG.warn(
        "operation={} payment={} is left to recovery: {}",
        operation.publicId(),
        PublicId.PAYMENT.of(operation.paymentId()),
        cause.toString());
    return Future.succeededFuture(Optional.of(OperationStatus.UNKNOWN));
  }

  private Future<Answer> completed(Operation charge, OperationStatus completion) {
    return payment(charge)
        .map(
            payment -> {
              if (payment.status() == PaymentStatus.REQUIRES_ACTION
                  && completion == OperationStatus.SUCCEEDED) {
                return askedAgain(payment);
              }
              return sentOn(
                  payment,
                  switch (completion) {
                    case SUCCEEDED -> Landing.SUCCEEDED;
                    case FAILED, CANCELED -> Landing.FAILED;
                    case PENDING, UNKNOWN, ACCEPTED, AWAITING_CUSTOMER -> Landing.PENDING;
                  });
            });
  }

  /** The PSP took what came, and the customer has to go on at another of its addresses. */
  private static Answer askedAgain(Payment payment) {
    String next = payment.nextActionUrl();
    return next == null ? sentOn(payment, Landing.PENDING) : new Answer(FOUND, next, false);
  }

  /** What the merchant's page is told; the truth is the payment's status (Stripe: return_url). */
  private enum Landing {
    SUCCEEDED("succeeded"),
    FAILED("failed"),
    PENDING("pending");

    private final String wire;

    Landing(String wire) {
      this.wire = wire;
    }
  }

  private static Landing landing(Operation charge) {
    return switch (charge.status()) {
      case SUCCEEDED -> Landing.SUCCEEDED;
      case FAILED, CANCELED -> Landing.FAILED;
      case PENDING, UNKNOWN, ACCEPTED, AWAITING_CUSTOMER -> Landing.PENDING;
    };
  }

  private static Answer sentOn(Payment payment, Landing landing) {
    String url = payment.parameters().text("return_url");
    return url == null
        ? unknown()
        : new Answer(FOUND, landingUrl(url, payment, landing.wire), false);
  }

  /** The merchant's own address, with what it already asks for and its fragment kept. */
  static String landingUrl(String url, Payment payment, String status) {
    int hash = url.indexOf('#');
    String address = hash < 0 ? url : url.substring(0, hash);
    String fragment = hash < 0 ? "" : url.substring(hash);
    boolean open = address.endsWith("?") || address.endsWith("&");
    return address
        + (open ? "" : address.indexOf('?') < 0 ? "?" : "&")
        + "payment_intent="
        + payment.publicId()
        + "&payment_intent_client_secret="
        + URLEncoder.encode(payment.clientSecret(), StandardCharsets.UTF_8)
        + "&redirect_status="
        + status
        + fragment;
  }
}
