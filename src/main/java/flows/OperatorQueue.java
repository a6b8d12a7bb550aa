package flows;

import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.Anomaly;
import payments.Dispute;
import payments.Listing;
import payments.Operation;
import payments.OperatorAction;
import payments.OperatorOutcome;
import payments.OperatorRequest;
import store.Anomalies;
import store.Disputes;
import store.HeldOperations;
import store.OperatorActions;

/**
 * What operators have to look at: operations that nothing settles by itself, anomalies and
 * disputes; and what operators did.
 */
public final class OperatorQueue {
  private final HeldOperations held;
  private final Anomalies anomalies;
  private final Disputes disputes;
  private final OperatorActions actions;

  public OperatorQueue(
      HeldOperations held, Anomalies anomalies, Disputes disputes, OperatorActions actions) {
    this.held = held;
    this.anomalies = anomalies;
    this.disputes = disputes;
    this.actions = actions;
  }

  /** Held operations, the latest held first. */
  public Future<Listing.Rows<Operation>> held(Listing.HeldFilter filter, Listing.Page page) {
    return held.list(filter, page);
  }

  /** Anomalies, newest first. */
  public Future<Listing.Rows<Anomaly>> anomalies(Listing.AnomalyFilter filter, Listing.Page page) {
    return anomalies.list(filter, page);
  }

  /** Disputes, newest first; null is no condition. */
  public Future<Listing.Rows<Dispute>> disputes(
      @Nullable String merchantId,
      @Nullable UUID paymentId,
      @Nullable String status,
      Listing.Span span,
      Listing.Page page) {
    return disputes.list(merchantId, paymentId, status, span, page);
  }

  /** The audit log, newest first. */
  public Future<Listing.Rows<OperatorAction>> actions(
      Listing.ActionFilter filter, Listing.Page page) {
    return actions.list(filter, page);
  }

  /** Has recovery look at a held operation at once. */
  public Future<OperatorOutcome> lookAgain(
      OperatorRequest request, String merchantId, UUID operationId) {
    return held.lookAgain(request, merchantId, operationId);
  }

  /** Notes that an anomaly was dealt with, and how. */
  public Future<OperatorOutcome> resolve(
      OperatorRequest request, String merchantId, UUID anomalyId) {
    return anomalies.resolve(request, merchantId, anomalyId);
  }
}
