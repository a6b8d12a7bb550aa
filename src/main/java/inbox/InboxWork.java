package inbox;

import static java.util.stream.Collectors.toMap;

import flows.ApplyFact;
import flows.ApplyFact.Told;
import flows.FactOutcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import psp.PspFact;
import psp.PspWebhooks;
import store.Inbox;
import store.Inbox.Due;
import store.Inbox.Ending;
import store.StoreException;
import telemetry.WebhookMeters;

/**
 * Works the inbox: takes up what is due, has it read by its account's adapter and applied, and
 * writes what became of it. Most events only repeat what an answer told; one look tells which do.
 * What is left is worked side by side, event after event only where they are about the same object.
 * An event that fails, waits or hangs holds up no other. Belongs to one event loop.
 */
public final class InboxWork {
  private static final Logger LOG = LoggerFactory.getLogger(InboxWork.class);

  /** Applied side by side: few enough for the connections, enough that a PSP's look-ups overlap. */
  private static final int AT_ONCE = 40;

  /** Of these of one PSP, so that one that is slow to be asked leaves places for the others. */
  private static final int OF_ONE_PSP = 32;

  /** And of one account, whose PSP may be slow for it alone. */
  private static final int OF_ONE_ACCOUNT = 24;

  private static final int LONGEST_REASON = 500;

  /** For how long events stay in hand that could not be settled: the database has its reasons. */
  private static final Duration NOT_SETTLED = Duration.ofSeconds(2);

  /** How often a full hand is looked through for what is in it too long. */
  private static final long LOOK_AGAIN_MS = 1_000;

  private final Context context;
  private final Inbox inbox;
  private final ApplyFact facts;
  private final Map<String, Reader> readers;
  private final Options options;
  private final WebhookMeters meters;
  private final Endings endings;
  private final Subjects<Item> subjects;

  private final Hand hand;

  private long overdueMs;

  /** Whether the last look left out accounts that had their share. */
  private boolean leftOut;

  private Runnable othersMayGoOn = () -> {};

  private @Nullable Promise<Void> room;
  private @Nullable Promise<Void> idle;

  /**
   * How the inbox is worked.
   *
   * @param batchSize events in hand at most
   * @param longest after how long at work an event is taken up anew: longer than working one may
   *     take, so that whatever became of it costs no more than time
   */
  public record Options(int batchSize, Duration longest, RetryPlan retries) {}

  /**
   * Who reads an account's events.
   *
   * @param psp which PSP the account is at: accounts of one PSP are slow together
   */
  public record Reader(String psp, PspWebhooks webhooks) {}

  /** An event with what it says. */
  private record Item(Due event, Told told, String psp) {
    String subject() {
      String reference =
          switch (told.fact()) {
            case PspFact.Authorization fact -> fact.reference();
            case PspFact.Authorized fact -> fact.reference();
            case PspFact.Modification fact ->
                Objects.requireNonNullElse(fact.authorizationReference(), fact.reference());
            case PspFact.Refund fact -> fact.reference();
            case PspFact.Dispute fact -> fact.reference();
            case PspFact.Irrelevant ignored -> "";
            case PspFact.Unreadable ignored -> "";
          };
      return told.accountId() + ' ' + reference;
    }
  }

  /**
   * Work for one context.
   *
   * @param readers the adapters' readers, by account
   */
  public InboxWork(
      Context context,
      Inbox inbox,
      ApplyFact facts,
      Map<String, Reader> readers,
      Options options,
      WebhookMeters meters) {
    this.context = context;
    this.inbox = inbox;
    this.facts = facts;
    this.readers = Map.copyOf(readers);
    this.options = options;
    this.meters = meters;
    this.endings =
        new Endings(
            context,
            inbox::settle,
            options.batchSize,
            settled -> meters.settled(settled.accountId(), settled.status().wire(), settled.lag()),
            this::written,
            NOT_SETTLED);
    this.subjects = new Subjects<>(AT_ONCE, OF_ONE_PSP, OF_ONE_ACCOUNT, this::applied);
    this.hand =
        new Hand(
            options.batchSize,
            readers.entrySet().stream().collect(toMap(Map.Entry::getKey, it -> it.getValue().psp)));
  }

  /**
   * Takes in hand what is due in these lanes, as far as there is room. Done before all of it is
   * worked: what takes long is not waited for, unless nothing more could be taken.
   *
   * @return whether there is likely more
   */
  public Future<Boolean> round(List<Integer> lanes) {
    leftOut = false;
    hand.releaseOlder(System.nanoTime(), options.longest.toNanos());
    List<String> withTheirShare = hand.accountsWithTheirShare();
    if (full(withTheirShare)) {
      return moreRoom();
    }
    leftOut = !withTheirShare.isEmpty();
    return inbox
        .due(lanes, hand.toLookFor(), hand.names(), withTheirShare)
        .compose(
            found ->
                take(found.events())
                    .compose(
                        ignored -> {
                          List<String> haveTheirs = hand.accountsWithTheirShare();
                          if (full(haveTheirs)) {
                            return moreRoom();
                          }
                          // What others have may lie behind what those have that have their share.
                          boolean othersBehind = !found.events().isEmpty() && !haveTheirs.isEmpty();
                          return Future.succeededFuture(found.more() || othersBehind);
                        }));
  }

  /** Whether nothing can be taken, of whichever account. */
  private boolean full(List<String> withTheirShare) {
    return hand.room() <= 0 || (!readers.isEmpty() && withTheirShare.containsAll(readers.keySet()));
  }

  /** When something has left the hand, and then there is likely more for it. */
  private Future<Boolean> moreRoom() {
    Promise<Void> promise = Promise.promise();
    room = promise;
    context.owner().setTimer(LOOK_AGAIN_MS, ignored -> promise.tryComplete());
    return promise.future().map(true);
  }

  /**
   * What to do when something has left the hand after a look that left out accounts which had their
   * share: a round that found nothing of others has ended, and they may go on.
   */
  public void whenOthersMayGoOn(Runnable look) {
    this.othersMayGoOn = look;
  }

  /**
   * How long what was taken up last had been due, what had waited longest of it: however old an
   * event is that is looked at again, nothing is behind for it.
   */
  public Duration behind() {
    return Duration.ofMillis(overdueMs);
  }

  /** When nothing is in hand any more. */
  public Future<Void> idle() {
    Promise<Void> promise = Promise.promise();
    idle = promise;
    moved();
    return promise.future();
  }

  private void written(List<Ending> endings) {
    endings.forEach(ending -> hand.release(ending.event().name()));
    moved();
  }

  private void moved() {
    Promise<Void> forRoom = room;
    if (forRoom != null && hand.room() > 0) {
      room = null;
      forRoom.tryComplete();
    }
    if (leftOut) {
      leftOut = false;
      othersMayGoOn.run();
    }
    Promise<Void> forIdle = idle;
    if (forIdle != null && hand.isEmpty()) {
      idle = null;
      forIdle.complete();
    }
  }

  /** Lets go of what was done before a time. */
  public Future<Integer> trim(Duration retention, int atMost) {
    return inbox.trim(retention, atMost);
  }

  private Future<Void> take(List<Due> events) {
    long now = System.nanoTime();
    overdueMs = events.stream().mapToLong(Due::overdueMs).max().orElse(0);
    var items = new ArrayList<Item>();
    events.stream()
        // Of two accounts' events of one name the next look takes up the second.
        .filter(event -> hand.take(event.name(), event.accountId(), now))
        .sorted(Comparator.comparing(Due::receivedAt).thenComparing(Due::name))
        .forEach(event -> read(event).ifPresent(items::add));
    if (items.isEmpty()) {
      return Future.succeededFuture();
    }
    return facts
        .known(items.stream().map(Item::told).toList())
        // Each is looked at by itself then, so that what one of them breaks fails alone.
        .otherwise(cause -> items.stream().map(item -> Optional.<FactOutcome>empty()).toList())
        .onSuccess(
            known -> {
              for (int at = 0; at < items.size(); at++) {
                sort(items.get(at), known.get(at));
              }
            })
        .mapEmpty();
  }

  /** What is known of an event holds until an earlier one about the same object is applied. */
  private void sort(Item item, Optional<FactOutcome> known) {
    if (known.isPresent() && !subjects.busy(item.subject())) {
      endings.add(ending(item.event, known.get()));
    } else {
      hand.waits(item.event.name());
      subjects.add(item.psp, item.told.accountId(), item.subject(), item);
    }
  }

  private Optional<Item> read(Due whole) {
    // What is said is all that is kept in hand: a body may be large.
    Due event = whole.withoutBody();
    Reader reader = readers.get(event.accountId());
    if (reader == null) {
      // A newer node, which knows the account already, may have taken it in.
      meters.worked(event.accountId(), "not_yet");
      endings.add(again(event, "no PSP account of this name is configured"));
      return Optional.empty();
    }
    PspFact fact;
    try {
      fact = reader.webhooks.read(event.type(), whole.body());
    } catch (RuntimeException | StackOverflowError broken) {
      LOG.error("event={} account={} unreadable", event.name(), event.accountId(), broken);
      fact = new PspFact.Unreadable("reading it failed: " + broken.getClass().getSimpleName());
    }
    return switch (fact) {
      case PspFact.Irrelevant irrelevant -> {
        meters.worked(event.accountId(), "irrelevant");
        endings.add(Ending.ignored(event, null, reason(irrelevant.why())));
        yield Optional.empty();
      }
      case PspFact.Unreadable unreadable -> {
        meters.worked(event.accountId(), "unreadable");
        endings.add(dead(event, unreadable.why()));
        yield Optional.empty();
      }
      case PspFact.Authorization told -> Optional.of(item(event, told, reader));
      case PspFact.Authorized told -> Optional.of(item(event, told, reader));
      case PspFact.Modification told -> Optional.of(item(event, told, reader));
      case PspFact.Refund told -> Optional.of(item(event, told, reader));
      case PspFact.Dispute told -> Optional.of(item(event, told, reader));
    };
  }

  private static Item item(Due event, PspFact fact, Reader reader) {
    return new Item(
        event, new Told(event.merchantId(), event.accountId(), event.name(), fact), reader.psp);
  }

  private Future<?> applied(Item item) {
    hand.begins(item.event.name(), System.nanoTime());
    return Future.succeededFuture(item.told)
        .compose(facts::apply)
        .onComplete(
            done ->
                endings.add(
                    done.succeeded()
                        ? ending(item.event, done.result())
                        : failed(item.event, done.cause())));
  }

  private Ending ending(Due event, FactOutcome outcome) {
    meters.worked(event.accountId(), name(outcome));
    return switch (outcome) {
      case FactOutcome.Applied applied -> Ending.processed(event, applied.paymentId(), null);
      case FactOutcome.NothingNew known ->
          Ending.processed(event, known.paymentId(), "nothing new");
      case FactOutcome.NotOurs ignored ->
          options
              .retries
              .unmatched(event.attempts(), event.ageMs(), ThreadLocalRandom.current())
              .map(delay -> Ending.retry(event, delay, "matches nothing of ours so far"))
              .orElseGet(() -> Ending.foreign(event, "matches nothing of ours"));
      case FactOutcome.NotYet notYet -> again(event, notYet.why());
      case FactOutcome.Odd odd -> dead(event, odd.why());
    };
  }

  private static String name(FactOutcome outcome) {
    return switch (outcome) {
      case FactOutcome.Applied ignored -> "applied";
      case FactOutcome.NothingNew ignored -> "nothing_new";
      case FactOutcome.NotOurs ignored -> "not_ours";
      case FactOutcome.NotYet ignored -> "not_yet";
      case FactOutcome.Odd ignored -> "odd";
    };
  }

  private Ending failed(Due event, Throwable cause) {
    meters.worked(event.accountId(), "failed");
    if (cause instanceof StoreException) {
      LOG.warn("event={} account={} {}", event.name(), event.accountId(), cause.toString());
    } else {
      LOG.error("event={} account={} failed", event.name(), event.accountId(), cause);
    }
    return again(event, String.valueOf(cause.getMessage()));
  }

  private Ending again(Due event, String why) {
    return options
        .retries
        .afterFailure(event.attempts(), ThreadLocalRandom.current())
        .map(delay -> Ending.retry(event, delay, reason(why)))
        .orElseGet(() -> dead(event, why));
  }

  private static Ending dead(Due event, String why) {
    LOG.error("event={} account={} dead letter: {}", event.name(), event.accountId(), why);
    return Ending.dead(event, null, reason(why));
  }

  /** What the database takes, whatever a PSP has put into it. */
  private static String reason(String why) {
    String text = why.replace("\u0000", "");
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON);
  }
}
