package simulator.adyen;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import simulator.Answer;
import simulator.Call;
import simulator.Dialect;
import simulator.Fault;
import simulator.IdempotencyKeys;
import simulator.Inbound;
import simulator.Operation;
import simulator.Refusal;

/** One API request: who asks, for what, and under which idempotency key. */
final class ApiVisit implements Dialect.Visit, Dialect.Execution {
  private static final int LONGEST_KEY = 64;

  private final Inbound request;
  private final String reference = PspReference.next();
  private final @Nullable String key;
  private final @Nullable AdyenAccount account;
  private final @Nullable Endpoint endpoint;
  private final @Nullable AdyenCall call;
  private final @Nullable AdyenError problem;
  private final Call described;

  ApiVisit(AdyenWorld world, List<Endpoint> endpoints, Inbound request, String path) {
    this.request = request;
    this.key = request.headers().get("Idempotency-Key");
    AdyenAccount caller = null;
    Endpoint found = null;
    AdyenCall parsed = null;
    AdyenError complaint = null;
    try {
      caller = authenticate(world, request);
      List<String> segments = List.of(path.split("/"));
      for (Endpoint each : endpoints) {
        List<String> ids = each.match(request.method(), segments);
        if (ids != null) {
          found = each;
          parsed = new AdyenCall(caller, body(request), query(request.query()), ids, key, 0);
          break;
        }
      }
      check(found, parsed, request, key);
    } catch (AdyenError e) {
      complaint = e;
    }
    this.account = caller;
    this.endpoint = found;
    this.call = parsed;
    this.problem = complaint;
    this.described =
        new Call(
            world.now(),
            caller == null ? "" : caller.id(),
            request.method(),
            request.path(),
            request.query(),
            key,
            found == null ? Operation.OTHER : found.operation(),
            parsed == null ? Map.of() : labels(parsed),
            request.body());
  }

  private static AdyenAccount authenticate(AdyenWorld world, Inbound request) {
    String apiKey = request.headers().get("X-API-Key");
    AdyenAccount account = apiKey == null ? null : world.authenticate(apiKey);
    if (account == null) {
      throw AdyenError.unauthorized();
    }
    return account;
  }

  private static JsonObject body(Inbound request) {
    if (!request.method().equals("POST")) {
      return new JsonObject();
    }
    try {
      return new JsonObject(request.body());
    } catch (DecodeException e) {
      throw AdyenError.unreadable("The request is no JSON object");
    }
  }

  private static Map<String, String> query(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static void check(
      @Nullable Endpoint endpoint,
      @Nullable AdyenCall call,
      Inbound request,
      @Nullable String key) {
    if (endpoint == null || call == null) {
      throw AdyenError.noSuchRoute(request.method(), request.path());
    }
    if (key != null && key.length() > LONGEST_KEY) {
      throw AdyenError.unreadable("An idempotency key has up to 64 characters");
    }
    TreeSet<String> unknown = new TreeSet<>(call.body().fieldNames());
    unknown.removeAll(endpoint.fields());
    if (!unknown.isEmpty()) {
      throw AdyenError.unreadable(
          "Structure of the request contains the following unknown fields: " + unknown);
    }
  }

  /** What names the payment that the request is about, and over it what the request says. */
  private static Map<String, String> labels(AdyenCall call) {
    AdyenPayment payment = call.ids().isEmpty() ? null : call.account().payment(call.id());
    if (payment == null && call.body().getValue("details") instanceof JsonObject details) {
      payment = call.account().paymentOfRedirect(text(details, "redirectResult"));
    }
    if (payment == null) {
      payment = call.account().paymentOfReference(text(call.body(), "paymentReference"));
    }
    Map<String, String> all = new HashMap<>(payment == null ? Map.of() : payment.labels());
    all.putAll(AdyenPayment.labels(call.body()));
    return Map.copyOf(all);
  }

  private static @Nullable String text(JsonObject json, String field) {
    return json.getValue(field) instanceof String text ? text : null;
  }

  @Override
  public Call call() {
    return described;
  }

  @Override
  public Dialect.Admission admit() {
    AdyenCall ready = call;
    if (problem != null || ready == null) {
      return new Dialect.Answered(answer(problem == null ? AdyenError.serverError(500) : problem));
    }
    String idempotencyKey = reservable();
    if (idempotencyKey == null) {
      return this;
    }
    IdempotencyKeys keys = ready.account().keys();
    IdempotencyKeys.Entry known = keys.find(idempotencyKey);
    if (known == null) {
      keys.reserve(idempotencyKey, fingerprint());
      return this;
    }
    if (!known.fingerprint().equals(fingerprint())) {
      return new Dialect.Answered(answer(AdyenError.keyOfAnotherRequest()));
    }
    IdempotencyKeys.Stored stored = known.stored();
    return new Dialect.Answered(
        stored == null
            ? answer(AdyenError.inProgress())
            : answer(stored.status(), stored.body(), stored.requestId()));
  }

  @Override
  public Answer run(long skewMinor, Fault.@Nullable Failure insteadOfAnswer) {
    Endpoint target = endpoint;
    AdyenCall ready = call;
    if (target == null || ready == null) {
      throw new IllegalStateException("only admitted requests are run");
    }
    Answer truth;
    boolean executed = true;
    try {
      JsonObject result = target.handler().handle(ready.skewed(skewMinor));
      truth =
          answer(
              target.status(),
              target.status() == 204 ? Buffer.buffer() : result.toBuffer(),
              result.getString("pspReference", reference));
    } catch (AdyenError e) {
      truth = answer(e);
      executed = false;
    } catch (ClassCastException e) {
      truth = answer(AdyenError.unreadable("A field of the request has the wrong type"));
      executed = false;
    }
    Answer told = insteadOfAnswer == null ? truth : refuse(insteadOfAnswer.refusal());
    if (executed) {
      keep(insteadOfAnswer != null && insteadOfAnswer.kept() ? told : truth);
    } else {
      abandon();
    }
    return told;
  }

  @Override
  public Answer fail(Refusal refusal) {
    Answer answer = refuse(refusal);
    keep(answer);
    return answer;
  }

  @Override
  public void abandon() {
    String idempotencyKey = reservable();
    if (idempotencyKey != null && account != null) {
      account.keys().forget(idempotencyKey);
    }
  }

  @Override
  public Answer refuse(Refusal refusal) {
    Answer answer =
        answer(
            switch (refusal.kind()) {
              case SERVER_ERROR -> AdyenError.serverError(refusal.status());
              case RATE_LIMITED -> AdyenError.rateLimited();
              case UNAUTHORIZED -> AdyenError.unauthorized();
              case IDEMPOTENCY_KEY_IN_USE, LOCK_TIMEOUT -> AdyenError.inProgress();
            });
    Duration retryAfter = refusal.retryAfter();
    return retryAfter == null
        ? answer
        : answer.with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  private void keep(Answer answer) {
    String idempotencyKey = reservable();
    if (idempotencyKey != null && account != null) {
      account
          .keys()
          .keep(
              idempotencyKey,
              fingerprint(),
              new IdempotencyKeys.Stored(
                  answer.status(),
                  answer.body(),
                  answer.headers().getOrDefault("pspReference", reference)));
    }
  }

  /** The key under which answers are kept: only for POST. */
  private @Nullable String reservable() {
    return request.method().equals("POST") && key != null && !key.isEmpty() ? key : null;
  }

  private String fingerprint() {
    return IdempotencyKeys.fingerprint(
        request.method()
            + ' '
            + request.path()
            + ' '
            + request.body().toString(StandardCharsets.UTF_8));
  }

  private Answer answer(AdyenError error) {
    Answer answer = answer(error.status(), error.body(reference).toBuffer(), reference);
    return answer.with("transient-error", Boolean.toString(error.passing()));
  }

  private Answer answer(int status, Buffer body, String pspReference) {
    Map<String, String> headers = new HashMap<>();
    headers.put("pspReference", pspReference);
    if (status != 204) {
      headers.put("Content-Type", "application/json;charset=utf-8");
    }
    if (key != null) {
      headers.put("Idempotency-Key", key);
    }
    return new Answer(status, headers, body);
  }
}
