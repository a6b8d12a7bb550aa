package simulator.stripe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.Answer;
import simulator.Call;
import simulator.Dialect;
import simulator.Fault;
import simulator.IdempotencyKeys;
import simulator.Ids;
import simulator.Inbound;
import simulator.Operation;
import simulator.Refusal;

/** One API request: who asks, for what, and under which idempotency key. */
final class ApiVisit implements Dialect.Visit, Dialect.Execution {
  private static final int LONGEST_KEY = 255;

  private final StripeWorld world;
  private final Inbound request;
  private final String requestId = Ids.next("req_");
  private final @Nullable String key;
  private final @Nullable StripeAccount account;
  private final @Nullable Endpoint endpoint;
  private final @Nullable StripeCall call;
  private final @Nullable StripeError problem;
  private final Call described;

  ApiVisit(StripeWorld world, List<Endpoint> endpoints, Inbound request, String path) {
    this.world = world;
    this.request = request;
    this.key = request.headers().get("Idempotency-Key");
    Endpoint found = null;
    StripeCall parsed = null;
    StripeAccount caller = null;
    StripeError complaint = null;
    try {
      caller = authenticate(world, request);
      Params params = new Params(FormDecoder.decode(parameters(request)));
      List<String> segments = List.of(path.split("/"));
      for (Endpoint each : endpoints) {
        List<String> ids = each.match(request.method(), segments);
        if (ids != null) {
          found = each;
          parsed = new StripeCall(caller, params, ids, key, 0);
          break;
        }
      }
      check(found, params, request, key);
    } catch (StripeError e) {
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
            operation(found, parsed),
            parsed == null ? Map.of() : metadata(parsed),
            request.body());
  }

  private static void check(
      @Nullable Endpoint endpoint, Params params, Inbound request, @Nullable String key) {
    if (endpoint == null) {
      throw StripeError.noSuchRoute(request.method(), request.path());
    }
    if (key != null && key.length() > LONGEST_KEY) {
      throw StripeError.invalid(null, null, "Idempotency keys have up to 255 characters.");
    }
    params.allowOnly(endpoint.params());
  }

  private static StripeAccount authenticate(StripeWorld world, Inbound request) {
    String header = request.headers().get("Authorization");
    if (header == null) {
      throw StripeError.unauthorized("You did not provide an API key.");
    }
    String secret = secret(header);
    StripeAccount account = world.authenticate(secret);
    if (account == null) {
      String shown = secret.length() > 12 ? secret.substring(0, 8) : "";
      throw StripeError.unauthorized("Invalid API Key provided: " + shown + "****");
    }
    return account;
  }

  private static String secret(String header) {
    if (header.startsWith("Bearer ")) {
      return header.substring("Bearer ".length()).strip();
    }
    if (!header.startsWith("Basic ")) {
      return "";
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring("Basic ".length()).strip());
      String userAndPassword = new String(decoded, StandardCharsets.UTF_8);
      int colon = userAndPassword.indexOf(':');
      return colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }

  private static String parameters(Inbound request) {
    return request.method().equals("POST")
        ? request.body().toString(StandardCharsets.UTF_8)
        : request.query();
  }

  /** A creation without confirmation moves no money. */
  private static Operation operation(@Nullable Endpoint endpoint, @Nullable StripeCall call) {
    if (endpoint == null || call == null) {
      return Operation.OTHER;
    }
    boolean unconfirmed =
        endpoint.operation() == Operation.AUTHORIZE
            && call.ids().isEmpty()
            && !"true".equals(call.params().raw("confirm"));
    return unconfirmed ? Operation.OTHER : endpoint.operation();
  }

  /** The metadata of the payment the request is about, and over it the request's own. */
  private Map<String, String> metadata(StripeCall parsed) {
    Map<String, String> all = new HashMap<>();
    Params params = parsed.params();
    String intentId =
        parsed.ids().isEmpty() ? params.nested("payment_intent") : parsed.ids().getFirst();
    PaymentIntent intent = parsed.account().intent(intentId);
    String charge = params.nested("charge");
    if (intent != null) {
      all.putAll(intent.metadata);
    } else if (charge != null) {
      world
          .bank()
          .authorization(parsed.account().id(), charge)
          .ifPresent(found -> all.putAll(found.metadata()));
    }
    if (params.raw("metadata") instanceof JsonObject given) {
      given.forEach(entry -> all.put(entry.getKey(), String.valueOf(entry.getValue())));
    }
    return Map.copyOf(all);
  }

  @Override
  public Call call() {
    return described;
  }

  @Override
  public Dialect.Admission admit() {
    StripeCall ready = call;
    if (problem != null || ready == null) {
      return new Dialect.Answered(answer(problem == null ? StripeError.serverError(500) : problem));
    }
    String idempotencyKey = reservable();
    if (idempotencyKey == null) {
      return this;
    }
    IdempotencyKeys keys = ready.account().keys();
    IdempotencyKeys.Entry known = keys.find(idempotencyKey);
    String fingerprint = fingerprint(ready);
    if (known == null) {
      keys.reserve(idempotencyKey, fingerprint);
      return this;
    }
    if (!known.fingerprint().equals(fingerprint)) {
      return new Dialect.Answered(answer(StripeError.idempotencyMismatch(idempotencyKey)));
    }
    IdempotencyKeys.Stored stored = known.stored();
    if (stored == null) {
      return new Dialect.Answered(answer(StripeError.keyInUse()));
    }
    return new Dialect.Answered(
        answer(stored.status(), stored.body())
            .with("Idempotent-Replayed", "true")
            .with("Original-Request", stored.requestId()));
  }

  @Override
  public Answer run(long skewMinor, Fault.@Nullable Failure insteadOfAnswer) {
    Endpoint target = endpoint;
    StripeCall ready = call;
    if (target == null || ready == null) {
      throw new IllegalStateException("only admitted requests are run");
    }
    Answer truth;
    boolean kept = true;
    try {
      JsonObject result =
          world
              .events()
              .causedBy(requestId, key, () -> target.handler().handle(ready.skewed(skewMinor)));
      new Expansion(world, ready.account()).expand(result, ready.params().list("expand"));
      truth = answer(200, result.toBuffer());
    } catch (StripeError e) {
      truth = answer(e);
      kept = e.executed();
    }
    Answer told = insteadOfAnswer == null ? truth : refuse(insteadOfAnswer.refusal());
    Answer stored = insteadOfAnswer != null && insteadOfAnswer.kept() ? told : truth;
    if (kept) {
      keep(ready, stored);
    } else {
      abandon();
    }
    return told;
  }

  @Override
  public Answer fail(Refusal refusal) {
    Answer answer = refuse(refusal);
    if (call != null) {
      keep(call, answer);
    }
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
              case SERVER_ERROR -> StripeError.serverError(refusal.status());
              case RATE_LIMITED -> StripeError.rateLimited();
              case UNAUTHORIZED -> StripeError.unauthorized("Invalid API Key provided: ****");
              case IDEMPOTENCY_KEY_IN_USE -> StripeError.keyInUse();
              case LOCK_TIMEOUT -> StripeError.lockTimeout();
            });
    Duration retryAfter = refusal.retryAfter();
    return retryAfter == null
        ? answer
        : answer.with("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  private void keep(StripeCall ready, Answer answer) {
    String idempotencyKey = reservable();
    if (idempotencyKey != null) {
      ready
          .account()
          .keys()
          .keep(
              idempotencyKey,
              fingerprint(ready),
              new IdempotencyKeys.Stored(answer.status(), answer.body(), requestId));
    }
  }

  /**
   * The key under which answers are kept: only for POST, as the other methods repeat safely by
   * themselves.
   */
  private @Nullable String reservable() {
    return request.method().equals("POST") && key != null && !key.isEmpty() ? key : null;
  }

  private String fingerprint(StripeCall ready) {
    return IdempotencyKeys.fingerprint(
        request.method() + ' ' + request.path() + ' ' + ready.params().canonical());
  }

  private Answer answer(StripeError error) {
    return answer(error.status(), error.body().toBuffer());
  }

  private Answer answer(int status, Buffer body) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Request-Id", requestId);
    String version = request.headers().get("Stripe-Version");
    headers.put("Stripe-Version", version == null ? StripeDialect.API_VERSION : version);
    if (key != null) {
      headers.put("Idempotency-Key", key);
      headers.put("Original-Request", requestId);
    }
    return new Answer(status, headers, body);
  }
}
