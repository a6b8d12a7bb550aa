package flows;

import java.time.Clock;
import payments.IdSource;
import psp.PspDirectory;
import psp.PspSender;
import psp.routing.Router;
import store.Customers;
import store.IdempotencyKeys;
import store.OperationLog;
import store.PaymentMethods;
import store.PaymentReads;
import store.PaymentWrites;

/** What the flows are told over: the store's parts, the PSPs, the renderer, ids and the clock. */
public record Services(
    PaymentWrites writes,
    PaymentReads reads,
    IdempotencyKeys keys,
    OperationLog log,
    PaymentMethods methods,
    Customers customers,
    PspSender sender,
    PspDirectory psps,
    Router router,
    Renderer renderer,
    IdSource ids,
    Clock clock,
    RecoveryPlan recovery,
    CheckoutObserver observer,
    String node,
    MerchantWebhooks webhooks) {}
