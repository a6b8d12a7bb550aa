package simulator.webhooks;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simulator.AccountId;
import simulator.Journal;
import simulator.webhooks.Delivery.State;

/**
 * The events of a simulated provider: recorded, sent to each account's endpoint under the script of
 * faults, repeated until they are acknowledged. An event that was recorded and not yet delivered
 * survives in the journal. All methods are safe from any thread.
 */
public final class Webhooks {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
  private static final String KIND = "webhook.event";

  private final WebhookOptions options;
  private final EventFormat usualFormat;
  private final Map<String, EventFormat> formats = new HashMap<>();
  private final WebhookFaults faults;
  private final Journal journal;
  private final InstantSource clock;
  private final Courier courier;
  private final EventLog log;
  private final Map<String, WebhookEndpoint> endpoints = new HashMap<>();
  private final Map<String, WebhookEvent> unsent = new LinkedHashMap<>();
  private final Set<Delivery> open = new LinkedHashSet<>();
  private final Set<Delivery> dropped = new LinkedHashSet<>();
  private final Map<WebhookFault.Shuffle, List<Delivery>> pens = new LinkedHashMap<>();
  private final List<Promise<Void>> waitingForIdle = new ArrayList<>();
  private @Nullable List<Future<Void>> collected;
  private Tally tally = new Tally();

  public Webhooks(
      Vertx vertx,
      WebhookOptions options,
      EventFormat usualFormat,
      WebhookFaults faults,
      Journal journal,
      InstantSource clock) {
    this.options = options;
    this.usualFormat = usualFormat;
    this.faults = faults;
    this.journal = journal;
    this.clock = clock;
    this.courier = new Courier(vertx, options.concurrency(), options.timeout());
    this.log = new EventLog(options.keptEvents());
    options.endpoints().forEach(endpoint -> endpoints.put(endpoint.account(), endpoint));
    journal.onReplay(
        KIND,
        json -> {
          WebhookEvent event = WebhookEvent.fromJson(json);
          log.add(event);
          unsent.put(event.id(), event);
        });
  }

  /** Names the form of an account's events, where it is not the usual one. */
  public synchronized void format(String account, EventFormat format) {
    formats.put(account, format);
  }

  private EventFormat format(WebhookEvent event) {
    return formats.getOrDefault(event.account(), usualFormat);
  }

  /** Names the endpoint of an account, which replaces the one it had. */
  public void sendTo(WebhookEndpoint endpoint) {
    synchronized (this) {
      endpoints.put(endpoint.account(), endpoint);
    }
    resume();
  }

  /** Names the endpoint of a secret key's account; several secrets sign each event once each. */
  public void sendTo(String keyOrId, URI url, String... secrets) {
    sendTo(WebhookEndpoint.of(keyOrId, url, secrets));
  }

  /** An account has no endpoint any more; what is open for it is given up. */
  public synchronized void sendNowhere(String keyOrId) {
    endpoints.remove(AccountId.of(keyOrId));
  }

  public synchronized List<WebhookEndpoint> endpoints() {
    return List.copyOf(endpoints.values());
  }

  /** Sends what an earlier run of the simulator recorded and could not deliver. */
  public synchronized void resume() {
    for (WebhookEvent event : List.copyOf(unsent.values())) {
      if (endpoints.containsKey(event.account())) {
        unsent.remove(event.id());
        begin(event, WebhookFaults.Plan.NONE, null);
      }
    }
  }

  /** Whether events of an account need to be made at all. */
  public synchronized boolean wants(String account) {
    return options.keptEvents() > 0 || endpoints.containsKey(account);
  }

  /** How many endpoints an account's events go to. */
  public synchronized int endpointsOf(String account) {
    return endpoints.containsKey(account) ? 1 : 0;
  }

  /** Records an event and sends it. Returns at once; the sending is never on the caller's way. */
  public synchronized void emit(WebhookEvent event) {
    WebhookEvent older = log.lastOf(event.object());
    record(event);
    if (endpoints.containsKey(event.account())) {
      journal.append(KIND, event.id(), event::toJson);
      begin(event, faults.plan(event), older);
    }
  }

  private void record(WebhookEvent event) {
    log.add(event);
    tally.recorded++;
  }

  private void begin(WebhookEvent event, WebhookFaults.Plan plan, @Nullable WebhookEvent older) {
    List<Delivery> all = new ArrayList<>();
    Delivery first = opened(event, plan.delay(), plan.wrongSignature());
    all.add(first);
    plan.copies()
        .forEach(later -> all.add(opened(event, plan.delay().plus(later), plan.wrongSignature())));
    Duration staleAfter = plan.staleAfter();
    if (staleAfter != null && older != null) {
      tellAgain(older, first, staleAfter);
    }
    if (plan.beforeAnswer() && collected != null) {
      collected.add(first.concluded().future());
    }
    all.removeIf(delivery -> !delivery.state.open());
    WebhookFault.Drop drop = plan.drop();
    WebhookFault.Shuffle shuffle = plan.shuffle();
    if (drop != null) {
      all.forEach(delivery -> drop(delivery, drop.resendAfter()));
    } else if (shuffle != null) {
      hold(shuffle, all);
    } else {
      all.forEach(this::send);
    }
  }

  /** The stale event is on record and open from the start, so that whoever waits waits for it. */
  private void tellAgain(WebhookEvent older, Delivery newer, Duration after) {
    WebhookEvent retold = format(older).retold(older);
    record(retold);
    Delivery stale = opened(retold, after, null);
    if (stale.state.open()) {
      newer.concluded().future().onComplete(told -> send(stale));
    }
  }

  private Delivery opened(
      WebhookEvent event, Duration delay, WebhookFault.@Nullable WrongSignature wrongSignature) {
    Delivery delivery = new Delivery(event, delay, wrongSignature);
    log.add(delivery);
    if (open.size() < options.mostOpen()) {
      open.add(delivery);
    } else {
      delivery.state = State.OVERFLOWED;
      tally.overflowed++;
      delivery.concluded().complete();
    }
    return delivery;
  }

  private void drop(Delivery delivery, @Nullable Duration resendAfter) {
    tally.dropped++;
    if (resendAfter != null) {
      courier.after(resendAfter, () -> send(delivery));
      return;
    }
    if (dropped.size() == options.mostOpen()) {
      dropped.remove(dropped.iterator().next());
    }
    dropped.add(delivery);
    conclude(delivery, State.DROPPED);
  }

  private void hold(WebhookFault.Shuffle shuffle, List<Delivery> deliveries) {
    List<Delivery> pen = pens.get(shuffle);
    if (pen == null) {
      List<Delivery> fresh = new ArrayList<>();
      pens.put(shuffle, fresh);
      courier.after(shuffle.longest(), () -> release(shuffle, fresh));
      pen = fresh;
    }
    pen.addAll(deliveries);
    if (pen.size() >= shuffle.window()) {
      release(shuffle, pen);
    }
  }

  private synchronized void release(WebhookFault.Shuffle shuffle, List<Delivery> pen) {
    if (pens.remove(shuffle, pen)) {
      faults.shuffle(pen);
      pen.forEach(this::send);
    }
  }

  /** Lets go what is held back for shuffling; how many deliveries that are. */
  public synchronized int release() {
    List<Map.Entry<WebhookFault.Shuffle, List<Delivery>>> all =
        pens.entrySet().stream().map(Map.Entry::copyOf).toList();
    all.forEach(pen -> release(pen.getKey(), pen.getValue()));
    return all.stream().mapToInt(pen -> pen.getValue().size()).sum();
  }

  /** Sends what was dropped; how many deliveries that are. */
  public synchronized int resendDropped() {
    List<Delivery> all = List.copyOf(dropped);
    dropped.clear();
    all.forEach(delivery -> begin(delivery.event(), WebhookFaults.Plan.NONE, null));
    return all.size();
  }

  /** Sends a recorded event once more, without faults; false when it is not on record. */
  public synchronized boolean resend(String eventId) {
    WebhookEvent event = log.find(eventId);
    if (event == null || !endpoints.containsKey(event.account())) {
      return false;
    }
    begin(event, WebhookFaults.Plan.NONE, null);
    return true;
  }

  /**
   * Sends recorded events once more, oldest first; how many.
   *
   * @param underFaults whether the script of faults counts for them
   */
  public synchronized int resend(EventMatch match, boolean underFaults) {
    List<WebhookEvent> found =
        log.events().stream()
            .filter(match)
            .filter(event -> endpoints.containsKey(event.account()))
            .toList();
    found.forEach(
        event -> begin(event, underFaults ? faults.plan(event) : WebhookFaults.Plan.NONE, null));
    return found.size();
  }

  private void send(Delivery delivery) {
    courier.after(delivery.delay(), () -> queue(delivery));
  }

  /** Nothing is told that a restart could forget: the journal is written first. */
  private void queue(Delivery delivery) {
    journal
        .flush()
        .onSuccess(written -> courier.add(() -> attempt(delivery)))
        .onFailure(
            failed -> {
              LOG.error("the simulator's journal cannot be written", failed);
              conclude(delivery, State.GIVEN_UP);
            });
  }

  private Future<Void> attempt(Delivery delivery) {
    WebhookEvent event = delivery.event();
    WebhookEndpoint endpoint;
    EventFormat format;
    List<String> secrets;
    synchronized (this) {
      endpoint = endpoints.get(event.account());
      if (!delivery.state.open()) {
        return Future.succeededFuture();
      }
      if (endpoint == null) {
        conclude(delivery, State.GIVEN_UP);
        return Future.succeededFuture();
      }
      delivery.state = State.SENDING;
      delivery.attempts++;
      format = format(event);
      secrets = delivery.signedWrongly() ? List.of(format.wrongSecret()) : endpoint.secrets();
      tally.attempts++;
    }
    EventFormat.Sending sending = format.sending(event.body(), secrets, clock.instant());
    return courier
        .post(endpoint.url(), sending.headers(), sending.body())
        .transform(
            answer -> {
              answered(delivery, answer);
              return Future.succeededFuture();
            });
  }

  private synchronized void answered(Delivery delivery, AsyncResult<Integer> answer) {
    boolean acknowledged = answer.succeeded() && answer.result() / 100 == 2;
    delivery.lastStatus = answer.succeeded() ? answer.result() : null;
    delivery.lastError = answer.succeeded() ? null : String.valueOf(answer.cause().getMessage());
    if (!delivery.state.open()) {
      return; // called off by a reset
    }
    if (acknowledged) {
      tally.delivered++;
    } else {
      tally.refused++;
    }
    if (acknowledged) {
      conclude(delivery, State.DELIVERED);
    } else if (delivery.attempts >= options.mostAttempts()) {
      LOG.warn(
          "event {} {} was sent {} times in vain: {}",
          delivery.event().id(),
          delivery.event().type(),
          delivery.attempts,
          answer.succeeded() ? "status " + answer.result() : delivery.lastError);
      conclude(delivery, State.GIVEN_UP);
    } else {
      delivery.state = State.BACKING_OFF;
      courier.after(faults.jittered(backoff(delivery.attempts)), () -> queue(delivery));
    }
  }

  private Duration backoff(int attempts) {
    Duration doubled = options.firstBackoff().multipliedBy(1L << Math.min(attempts - 1, 20));
    return doubled.compareTo(options.longestBackoff()) > 0 ? options.longestBackoff() : doubled;
  }

  /** Promises are kept outside of the monitor and of the bank's lock, on the courier's context. */
  private synchronized void conclude(Delivery delivery, State state) {
    delivery.state = state;
    open.remove(delivery);
    if (state == State.DELIVERED || state == State.GIVEN_UP) {
      journal.forget(KIND, delivery.event().id());
    }
    if (state == State.GIVEN_UP) {
      tally.givenUp++;
    }
    courier.after(Duration.ZERO, delivery.concluded()::tryComplete);
    if (open.isEmpty()) {
      idle(List.copyOf(waitingForIdle));
      waitingForIdle.clear();
    }
  }

  private void idle(List<Promise<Void>> waiting) {
    courier.after(Duration.ZERO, () -> waiting.forEach(Promise::tryComplete));
  }

  /**
   * Completes when nothing waits or is under way: everything is delivered, given up or dropped
   * until told otherwise.
   */
  public synchronized Future<Void> idle() {
    if (open.isEmpty()) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waitingForIdle.add(promise);
    return promise.future();
  }

  /** What a step did, and when the events it told before its answer are delivered. */
  public record Collected<T>(T result, Future<Void> told) {}

  /**
   * Runs a step, and gathers what of its events shall be delivered before it is answered. Under the
   * bank's lock, so that no other step's events are among them.
   */
  public <T> Collected<T> collecting(Supplier<T> step) {
    List<Future<Void>> told = new ArrayList<>();
    collect(told);
    try {
      T result = step.get();
      return new Collected<>(result, all(told));
    } finally {
      collect(null);
    }
  }

  private synchronized void collect(@Nullable List<Future<Void>> into) {
    collected = into;
  }

  /** An answer does not wait for ever for a receiver that is not there. */
  private Future<Void> all(List<Future<Void>> told) {
    return told.isEmpty()
        ? Future.succeededFuture()
        : Future.join(told)
            .timeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .<Void>mapEmpty()
            .otherwiseEmpty();
  }

  /** The recorded events and what became of them, oldest first. */
  public synchronized List<SentEvent> sent() {
    return log.sent();
  }

  /** The recorded events of an account, oldest first. */
  public synchronized List<WebhookEvent> events(String keyOrId) {
    String account = AccountId.of(keyOrId);
    return log.events().stream().filter(event -> event.account().equals(account)).toList();
  }

  public synchronized Optional<WebhookEvent> event(String id) {
    return Optional.ofNullable(log.find(id));
  }

  public synchronized WebhookCounts counts() {
    return new WebhookCounts(
        tally.recorded,
        tally.attempts,
        tally.delivered,
        tally.refused,
        tally.dropped,
        tally.givenUp,
        tally.overflowed,
        open.size());
  }

  /** The counts under way. */
  private static final class Tally {
    private long recorded;
    private long attempts;
    private long delivered;
    private long refused;
    private long dropped;
    private long givenUp;
    private long overflowed;
  }

  /** Forgets all events and calls off what is open; the endpoints are those of the start again. */
  public synchronized void clear() {
    List.copyOf(open).forEach(delivery -> conclude(delivery, State.CANCELED));
    dropped.clear();
    pens.clear();
    unsent.clear();
    log.clear();
    endpoints.clear();
    formats.clear();
    options.endpoints().forEach(endpoint -> endpoints.put(endpoint.account(), endpoint));
    tally = new Tally();
  }

  public Future<Void> close() {
    clear();
    return courier.close();
  }
}
