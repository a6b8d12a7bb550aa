package flows;

import flows.OperationRunner.Ended;
import flows.OperationRunner.Running;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.AnomalyKind;
import payments.Answer;
import payments.Operation;
import payments.PublicId;
import payments.RequestContext;
import store.OperationLog;

/** What an operation came to that another writer has ended first, and what its request is told. */
final class EndedElsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(EndedElsewhere.class);

  private final Services services;
  private final Answers answers;

  EndedElsewhere(Services services) {
    this.services = services;
    this.answers = new Answers(services.renderer());
  }

  /**
   * Someone else closed it first or brought it further: what they stored is the answer, and where
   * they stored none, what is there now is rendered.
   */
  Future<Ended> of(Running running) {
    Operation operation = running.operation();
    return services
        .reads()
        .operation(operation.merchantId(), operation.livemode(), operation.id())
        .compose(
            found -> {
              Operation now =
                  found.orElseThrow(() -> new IllegalStateException("operation vanished"));
              return isAsItWas(operation, now)
                  ? endRefused(running).map(now)
                  : Future.succeededFuture(now);
            })
        .compose(
            now -> {
              RequestContext context = running.context();
              if (context == null) {
                return Future.succeededFuture(new Ended(now.status(), Optional.empty()));
              }
              return storedOrRendered(context, running, now)
                  .map(answer -> new Ended(now.status(), Optional.of(answer)));
            });
  }

  private static boolean isAsItWas(Operation before, Operation now) {
    return now.status() == before.status() && now.attempts() == before.attempts();
  }

  /**
   * Nobody ended it, and yet the database takes no end: what is unique there is another
   * operation's, such as the PSP's name of a refund. Only a person can tell what happened.
   */
  private Future<Void> endRefused(Running running) {
    Operation operation = running.operation();
    var anomaly =
        new OperationLog.Anomaly(
            services.ids().next(),
            operation,
            AnomalyKind.END_REFUSED,
            "its end contradicts what is on record: is what the PSP calls it another operation's?");
    return services
        .log()
        .raise(anomaly)
        .onSuccess(
            raised -> {
              if (raised) {
                logged(anomaly);
              }
            })
        .compose(
            ignored ->
                services.log().reschedule(operation, null, AnomalyKind.END_REFUSED.wire(), null))
        .mapEmpty();
  }

  private Future<Answer> storedOrRendered(RequestContext context, Running running, Operation now) {
    var idempotency = context.idempotency();
    Future<Optional<Answer>> stored =
        idempotency == null
            ? Future.succeededFuture(Optional.empty())
            : services
                .keys()
                .find(context.merchantId(), context.livemode(), idempotency.key())
                .map(found -> found.flatMap(key -> Optional.ofNullable(key.answer())));
    return stored.compose(
        answer ->
            answer.isPresent()
                ? Future.succeededFuture(
                    new Answer(answer.get().status(), answer.get().body(), false))
                : services
                    .reads()
                    .find(now.merchantId(), now.livemode(), now.paymentId())
                    .map(
                        payment ->
                            answers.of(
                                context,
                                running.view(),
                                payment.orElseThrow(
                                    () -> new IllegalStateException("payment vanished")),
                                now)));
  }

  static void logged(OperationLog.Anomaly anomaly) {
    Operation operation = anomaly.operation();
    LOG.error(
        "operation={} payment={} account={} anomaly={}: {}",
        operation.publicId(),
        PublicId.PAYMENT.of(operation.paymentId()),
        operation.pspAccountId(),
        anomaly.kind().wire(),
        anomaly.detail());
  }
}
