package outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import store.EventLog;
import store.EventLog.Event;
import store.EventLog.Limit;
import store.EventLog.Move;

/**
 * Relays the event log to Kafka, lane by lane from a cursor. A payment's next event is sent when
 * Kafka has acknowledged the one before, so none overtakes another, whatever fails; different
 * payments go side by side. A lane's cursor moves up to the first event that was not acknowledged:
 * what comes after it is sent again by whoever does not know that it was acknowledged, as after a
 * restart, so consumers may see events twice, but never miss one. Belongs to one event loop.
 */
public final class KafkaRelay {
  /** The relay's name among the event log's consumers. */
  public static final String CONSUMER = "kafka";

  private static final Logger LOG = LoggerFactory.getLogger(KafkaRelay.class);

  /** What a round holds in memory of the rows it reads. */
  private static final int ROUND_BYTES = 8 << 20;

  private static final Duration LOG_EVERY = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final Options options;
  private final EventLog log;
  private final Supplier<List<Integer>> lanes;
  private final RelayObserver observer;
  private final Producers producers;
  private final StuckLanes stuck;
  private final Ahead ahead = new Ahead();
  private boolean closing;
  private long notBefore = System.nanoTime();
  private volatile @Nullable Trouble trouble;

  /** Since when, and why, nothing gets through. */
  private record Trouble(long since, long told, String cause) {}

  /**
   * Where to and how.
   *
   * @param bootstrapServers host:port, separated by commas
   * @param clientId what the broker's logs and quotas call this node
   * @param batchSize events a round sends at most
   * @param deliveryTimeout how long a send is tried
   * @param retryDelay how long the relay leaves Kafka alone after a failure
   */
  public record Options(
      String bootstrapServers,
      KafkaSecurity security,
      String topic,
      String clientId,
      int batchSize,
      Duration deliveryTimeout,
      Duration retryDelay) {}

  /**
   * A relay.
   *
   * @param lanes this node's lanes right now
   */
  public KafkaRelay(
      Vertx vertx,
      Options options,
      EventLog log,
      Supplier<List<Integer>> lanes,
      RelayObserver observer) {
    this(vertx, options, log, lanes, observer, producers(vertx, options));
  }

  /** The same over other producers. */
  KafkaRelay(
      Vertx vertx,
      Options options,
      EventLog log,
      Supplier<List<Integer>> lanes,
      RelayObserver observer,
      Producers producers) {
    this.vertx = vertx;
    this.options = options;
    this.log = log;
    this.lanes = lanes;
    this.observer = observer;
    this.stuck = new StuckLanes(options.retryDelay);
    this.producers = producers;
  }

  private static Producers producers(Vertx vertx, Options options) {
    return new Producers(
        () ->
            EventProducer.open(
                vertx,
                new EventProducer.Options(
                    options.bootstrapServers,
                    options.security,
                    options.topic,
                    options.clientId,
                    options.deliveryTimeout)));
  }

  /**
   * Relays what comes next. Kafka's failures are its own matter: they are counted, told of now and
   * then, and tried again after the delay. Only the database's fail the round.
   *
   * @return whether there may be more to do at once
   */
  public Future<Boolean> round() {
    List<Integer> all = lanes.get();
    ahead.retain(all);
    List<Integer> mine = stuck.without(all, System.nanoTime());
    if (closing || mine.isEmpty() || System.nanoTime() - notBefore < 0) {
      return Future.succeededFuture(false);
    }
    return log.next(CONSUMER, mine, new Limit(options.batchSize, ROUND_BYTES))
        .compose(
            events -> events.isEmpty() ? Future.succeededFuture(false) : relay(new Round(events)));
  }

  private Future<Boolean> relay(Round round) {
    return producers
        .ready()
        .compose(to -> render(round.events).compose(rendered -> round.send(to, rendered)))
        // A send ends within the delivery timeout, but may first have to wait to be taken up.
        .timeout(options.deliveryTimeout.toMillis() * 3, TimeUnit.MILLISECONDS)
        .transform(
            sent -> {
              round.over = true;
              Throwable failure = sent.failed() ? sent.cause() : round.failure;
              if (failure != null) {
                failed(failure);
              }
              return moved(round).onSuccess(acknowledged -> told(acknowledged, failure == null));
            })
        .map(acknowledged -> acknowledged > 0 && trouble == null);
  }

  /** On a worker: a batch takes longer than an event loop has. */
  private Future<List<Rendered>> render(List<Event> events) {
    return vertx
        .executeBlocking(() -> events.stream().map(Rendered::of).toList(), false)
        .map(Objects::requireNonNull);
  }

  /** An event as it is sent, or why it cannot be. */
  private record Rendered(@Nullable CloudEvent event, @Nullable RuntimeException failure) {
    static Rendered of(Event event) {
      try {
        return new Rendered(CloudEvent.of(event), null);
      } catch (RuntimeException failure) {
        return new Rendered(null, failure);
      }
    }
  }

  /** Moves the cursors over what was acknowledged and tells how much that is. */
  private Future<Integer> moved(Round round) {
    List<Move> moves = round.moves();
    ahead.remember(round.events, round.acknowledged, moves);
    Future<Void> moved = moves.isEmpty() ? Future.succeededFuture() : log.move(CONSUMER, moves);
    return moved.map(ignored -> round.acknowledgedNow());
  }

  private void told(int acknowledged, boolean whole) {
    observer.relayed(acknowledged);
    Trouble over = trouble;
    if (whole && over != null) {
      trouble = null;
      LOG.info(
          "kafka takes events again seconds={}",
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - over.since));
    }
  }

  private void failed(Throwable cause) {
    observer.failed();
    long now = System.nanoTime();
    notBefore = now + options.retryDelay.toNanos();
    Trouble before = trouble;
    boolean tell = before == null || now - before.told > LOG_EVERY.toNanos();
    if (tell) {
      LOG.warn("kafka does not take events topic={} cause={}", options.topic, cause.toString());
    }
    trouble =
        new Trouble(
            before == null ? now : before.since,
            before == null || tell ? now : before.told,
            cause.toString());
    producers.giveUp();
  }

  /** Succeeds while events get through; fails with the cause otherwise. From any thread. */
  public Future<Void> healthy() {
    Trouble now = trouble;
    String reason = now == null ? stuck.reason() : now.cause;
    return reason == null ? Future.succeededFuture() : Future.failedFuture(reason);
  }

  /** Ends the round that runs, if any, after a moment for its acknowledgements. */
  public Future<Void> close() {
    closing = true;
    return producers.close();
  }

  /** One batch: which of its events were acknowledged. */
  private final class Round {
    private final List<Event> events;
    private final boolean[] acknowledged;

    /** Of these, those that were acknowledged before. */
    private int before;

    private boolean over;
    private @Nullable Throwable failure;

    Round(List<Event> events) {
      this.events = events;
      acknowledged = new boolean[events.size()];
      for (int place = 0; place < acknowledged.length; place++) {
        acknowledged[place] = ahead.has(events.get(place));
        before += acknowledged[place] ? 1 : 0;
      }
    }

    /**
     * Completes when each event is acknowledged or given up. What cannot be rendered stops its
     * lane: what comes after it there waits, for it would be sent again with each try.
     */
    Future<Void> send(EventProducer to, List<Rendered> rendered) {
      Map<UUID, Future<Void>> lastOfPayment = new LinkedHashMap<>();
      Set<Integer> standing = new HashSet<>();
      for (int i = 0; i < acknowledged.length; i++) {
        int place = i;
        Event event = events.get(i);
        RuntimeException broken = rendered.get(i).failure;
        if (broken != null && standing.add(event.lane())) {
          stuck.add(event, broken, System.nanoTime());
          observer.stuck();
        }
        CloudEvent sent = rendered.get(i).event;
        if (sent != null && !standing.contains(event.lane()) && !acknowledged[place]) {
          Future<Void> last =
              lastOfPayment.getOrDefault(event.paymentId(), Future.succeededFuture());
          lastOfPayment.put(event.paymentId(), last.compose(done -> sendOne(to, place, sent)));
        }
      }
      stuck.removeAllBut(standing, events);
      return Future.join(new ArrayList<>(lastOfPayment.values()))
          .transform(ignored -> Future.succeededFuture());
    }

    private Future<Void> sendOne(EventProducer to, int place, CloudEvent rendered) {
      if (over || closing) {
        return Future.failedFuture("the relay stops");
      }
      return to.send(events.get(place), rendered)
          .onComplete(
              sent -> {
                acknowledged[place] = sent.succeeded();
                if (sent.failed() && failure == null) {
                  failure = sent.cause();
                }
              });
    }

    int acknowledgedNow() {
      int number = -before;
      for (boolean one : acknowledged) {
        number += one ? 1 : 0;
      }
      return number;
    }

    /** Each lane up to its first event that was not acknowledged. */
    List<Move> moves() {
      Map<Integer, Move> moves = new LinkedHashMap<>();
      Map<Integer, Boolean> stopped = new HashMap<>();
      for (int i = 0; i < acknowledged.length; i++) {
        Event event = events.get(i);
        if (!acknowledged[i]) {
          stopped.put(event.lane(), true);
        } else if (!stopped.containsKey(event.lane())) {
          moves.put(event.lane(), new Move(event.lane(), event.came(), event.position()));
        }
      }
      return List.copyOf(moves.values());
    }
  }
}
