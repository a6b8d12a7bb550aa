package chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What one of the merchant's customers wants, drawn from a seed, and what the merchant was told of
 * it so far. Whatever was told holds for ever.
 */
final class Purchase {
  private static final List<String> CURRENCIES = List.of("usd", "eur", "jpy");

  /** How it is to go. */
  enum Kind {
    TAKE,
    /** The customer clicks twice: the same request at two nodes. */
    TWICE,
    TWO_STEPS,
    CAPTURE_IN_PART,
    RELEASE,
    CANCEL_EARLY,
    /** Several refunds at once. */
    REFUND,
    DECLINED,
    /** The account that is asked first may say no, and the other one takes it. */
    ELSEWHERE
  }

  /** An answer that counts. */
  record Answer(int status, String body) {}

  /** A request with its key, and what was answered. */
  record Acknowledged(String path, String form, String key, Answer answer) {}

  private final String name;
  private final int number;
  private final Kind kind;
  private final long amount;
  private final String currency;
  private final Map<String, Acknowledged> acknowledged = new LinkedHashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Long> refunds = new LinkedHashMap<>();
  private @Nullable String payment;
  private String status = "";
  private long captured;
  private boolean ended;
  private boolean forgotten;

  /**
   * The purchase of a number.
   *
   * @param run names the run, so that keys of two are not the same
   */
  Purchase(String run, long seed, int number) {
    this(run, seed, number, drawn(new Random(seed * 31 + number), number));
  }

  /** The same of this kind. */
  Purchase(String run, long seed, int number, Kind kind) {
    var random = new Random(seed * 37 + number);
    name = run + "-" + number;
    this.number = number;
    this.kind = kind;
    amount = 1_000L + random.nextInt(90_000);
    currency = CURRENCIES.get(random.nextInt(CURRENCIES.size()));
  }

  /** Each kind once, then as it comes. */
  private static Kind drawn(Random random, int number) {
    Kind[] kinds = Kind.values();
    return number < kinds.length ? kinds[number] : kinds[random.nextInt(kinds.length)];
  }

  String name() {
    return name;
  }

  int number() {
    return number;
  }

  Kind kind() {
    return kind;
  }

  long amount() {
    return amount;
  }

  String currency() {
    return currency;
  }

  /** The merchant's key for a step. */
  String key(String step) {
    return name + "-" + step;
  }

  /** Keeps an answer; a second one to the same request has to be the same. */
  synchronized void acknowledge(Acknowledged now) {
    Acknowledged before = acknowledged.putIfAbsent(now.key(), now);
    if (before != null && !before.answer().equals(now.answer())) {
      wrong.add(
          "%s was answered %s and then %s".formatted(now.key(), before.answer(), now.answer()));
    }
  }

  synchronized List<Acknowledged> acknowledged() {
    return List.copyOf(acknowledged.values());
  }

  /** Something that should not have been answered. */
  synchronized void wrong(String what) {
    wrong.add(what);
  }

  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** The payment as the merchant sees it, once nothing of it is under way. */
  synchronized void stands(String id, String standing, long taken) {
    payment = id;
    status = standing;
    captured = taken;
  }

  /** A refund has ended; 0 where nothing went back. */
  synchronized void refunded(String id, long minor) {
    refunds.put(id, minor);
  }

  synchronized void end() {
    ended = true;
  }

  /** After a database was put back the merchant begins again and believes what is told then. */
  synchronized void forget() {
    acknowledged.clear();
    wrong.clear();
    refunds.clear();
    payment = null;
    status = "";
    captured = 0;
    ended = false;
    forgotten = true;
  }

  /** Whether the database forgot of it what the merchant was told. */
  synchronized boolean forgotten() {
    return forgotten;
  }

  /** Whether all of it was answered. */
  synchronized boolean ended() {
    return ended;
  }

  synchronized @Nullable String payment() {
    return payment;
  }

  synchronized String status() {
    return status;
  }

  synchronized long captured() {
    return captured;
  }

  synchronized long refunded() {
    return refunds.values().stream().mapToLong(Long::longValue).sum();
  }
}
