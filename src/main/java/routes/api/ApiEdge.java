package routes.api;

import flows.ReturnAddress;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.IdSource;
import payments.PublicId;
import payments.Refusal;
import payments.Refusal.Code;
import routes.reference.Reference;

/**
 * The merchants' API over HTTP: finds the endpoint, authenticates the key, admits the request
 * within bounds, and leaves the rest to an {@link Exchange}. One instance per event loop.
 */
public final class ApiEdge implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ApiEdge.class);

  /** Every endpoint of the API, by resource. */
  static final List<List<Endpoint>> ENDPOINTS =
      List.of(
          PaymentIntentRoutes.ALL,
          RefundRoutes.ALL,
          ChargeRoutes.ALL,
          CustomerRoutes.ALL,
          PaymentMethodRoutes.ALL,
          WebhookEndpointRoutes.ALL,
          EventRoutes.ALL);

  private static final RouteTable ROUTES = RouteTable.of(ENDPOINTS);

  private final Vertx vertx;
  private final ApiSettings settings;
  private final ApiKeys keys;
  private final CommandSender sender;
  private final IdSource ids;
  private final Reference reference;

  /** Visits to one address at once: a customer has one browser. */
  private static final int MAX_VISITS_PER_ADDRESS = 4;

  private final Admission admission;

  /** Customers' browsers have room of their own, so that they take none of the merchants'. */
  private final Admission customers;

  public ApiEdge(
      Vertx vertx,
      ApiSettings settings,
      ApiKeys keys,
      CommandSender sender,
      IdSource ids,
      Reference reference) {
    this.vertx = vertx;
    this.settings = settings;
    this.keys = keys;
    this.sender = sender;
    this.ids = ids;
    this.reference = reference;
    this.admission = new Admission(settings.maxInFlight(), settings.maxInFlightPerKey());
    this.customers = new Admission(settings.maxInFlightPerKey(), MAX_VISITS_PER_ADDRESS);
  }

  @Override
  public void handle(HttpServerRequest request) {
    var reply = new Reply(request, newRequestId());
    try {
      if (request.method().equals(HttpMethod.OPTIONS)) {
        preflight(request, reply);
      } else {
        start(request, reply);
      }
    } catch (RefusedException e) {
      reply.refuse(e.refusal());
    } catch (RuntimeException e) {
      failed(reply, e);
    }
  }

  /** What HTTP itself refuses, such as a header that is too long, in the same shape. */
  public void handleInvalid(HttpServerRequest request) {
    var reply = new Reply(request, newRequestId());
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    reply.refuse(
        Refusal.of(
            Code.BODY_MALFORMED,
            "The request is not well-formed HTTP, or its URL or headers are too long."));
    request.connection().close();
  }

  private String newRequestId() {
    return "req_" + PublicId.digits(ids.next());
  }

  private static void preflight(HttpServerRequest request, Reply reply) {
    String wanted = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    boolean open =
        wanted != null
            && find(wanted, request)
                .map(match -> match.endpoint().browserCatalogue() != null)
                .orElse(false);
    if (wanted == null || !open) {
      throw unrecognized(request);
    }
    reply.preflight(wanted);
  }

  private void start(HttpServerRequest request, Reply reply) {
    String path = request.path();
    if (path != null && path.startsWith(ReturnAddress.PATH)) {
      customerReturns(path, request, reply);
      return;
    }
    Optional<RouteTable.Match> found = find(request.method().name(), request);
    if (found.isEmpty() && Reference.isAskedFor(request)) {
      reference.answer(request).onFailure(cause -> failed(reply, cause));
      return;
    }
    RouteTable.Match match = found.orElseThrow(() -> unrecognized(request));
    Endpoint endpoint = match.endpoint();
    if (endpoint.browserCatalogue() != null) {
      reply.allowBrowsers();
    }
    ApiKey key = keys.authenticate(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (key.publishable() && endpoint.browserCatalogue() == null) {
      throw new RefusedException(
          Code.KEY_NOT_ALLOWED,
          "This API call cannot be made with a publishable API key. Please use a secret API key.");
    }
    if (request.headers().contains("Stripe-Account")) {
      throw new RefusedException(
          Code.PARAMETER_UNSUPPORTED, "Sluice does not support the `Stripe-Account` header yet.");
    }
    admission.enter(key);
    new Exchange(vertx, settings, sender, admission, request, reply, match, key).start();
  }

  /** A browser, not a server of a merchant's: no key, and no JSON. */
  private void customerReturns(String path, HttpServerRequest request, Reply reply) {
    boolean served =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.POST);
    Optional<ReturnAddress> address = served ? ReturnAddress.parse(path) : Optional.empty();
    address.ifPresentOrElse(
        it -> new CustomerReturn(vertx, settings, sender, customers, request, reply, it).start(),
        () -> reply.page(404, "There is nothing at this address."));
  }

  private static Optional<RouteTable.Match> find(String method, HttpServerRequest request) {
    String path = request.path();
    return path == null ? Optional.empty() : ROUTES.find(method, path);
  }

  private static RefusedException unrecognized(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    boolean quotable = path.indexOf('%') < 0 && !CardNumbers.in(path);
    return new RefusedException(
        Code.ROUTE_UNKNOWN,
        quotable
            ? "Unrecognized request URL ("
                + Names.clip(request.method().name())
                + ": "
                + Names.clip(path)
                + ")."
            : "Unrecognized request URL.");
  }

  /** A fault of ours, logged by the request's id and without anything of its content. */
  static void failed(Reply reply, Throwable cause) {
    LOG.error("request {} failed", reply.requestId(), cause);
    reply.refuse(
        Refusal.of(
            Code.INTERNAL,
            "Something went wrong on our side. Repeat the request with the same Idempotency-Key."));
  }

  /** How many requests are at work. */
  public int inFlight() {
    return admission.inFlight();
  }
}
