package chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Purchases by several customers at once, one after the other by each. */
final class Shopping {
  private static final Logger LOG = LoggerFactory.getLogger(Shopping.class);
  private static final int ROUNDS = 5;
  private static final int AT_ONCE = 6;

  private final String run;
  private final long seed;
  private final Buyer buyer;
  private final Purchase.@Nullable Kind kind;
  private final Queue<Purchase> purchases = new ConcurrentLinkedQueue<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger gaveUp = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final List<Thread> customers = new ArrayList<>();
  private volatile int most;

  /** Purchases of all kinds. */
  Shopping(String run, long seed, Buyer buyer) {
    this(run, seed, buyer, null);
  }

  /** Purchases of one kind. */
  Shopping(String run, long seed, Buyer buyer, Purchase.@Nullable Kind kind) {
    this.run = run;
    this.seed = seed;
    this.buyer = buyer;
    this.kind = kind;
  }

  /** Before the first purchase: a copy of the database that is made later has to know them. */
  private void prepare() {
    if (next.get() == 0 && (kind == null || kind == Purchase.Kind.ELSEWHERE)) {
      buyer.addMethods(run);
    }
  }

  private Purchase purchase(int number) {
    return kind == null ? new Purchase(run, seed, number) : new Purchase(run, seed, number, kind);
  }

  /**
   * So many purchases, of which the first step is done by one half, where there are several, and
   * none by the other.
   */
  void beginHalf(int number) {
    prepare();
    for (int i = next.get(); i < number; i = next.incrementAndGet()) {
      purchases.add(purchase(i));
    }
    each(purchases.stream().filter(it -> it.number() % 2 != 0).toList(), buyer::begin);
  }

  /** Does all of them to their end. */
  void buyAll() {
    each(purchases, this::buy);
  }

  /**
   * The database was put back, and the merchant begins all of them again, with the same keys: one
   * half while something else is done, the other afterwards.
   */
  void buyAllAgain(Runnable meanwhile) {
    purchases.forEach(Purchase::forget);
    var half = purchases.stream().filter(it -> it.amount() % 2 == 0).toList();
    var first = CompletableFuture.runAsync(() -> each(half, this::buy), Thread::startVirtualThread);
    meanwhile.run();
    first.join();
    each(purchases.stream().filter(it -> !it.ended()).toList(), this::buy);
  }

  /** So many customers buy from now on, until there were so many purchases. */
  void begin(int number, int purchasesAtMost) {
    prepare();
    most = purchasesAtMost;
    for (int i = 0; i < number; i++) {
      customers.add(Thread.ofVirtual().start(this::shop));
    }
  }

  private void shop() {
    for (int number = next.getAndIncrement(); number < most; number = next.getAndIncrement()) {
      var purchase = purchase(number);
      purchases.add(purchase);
      buy(purchase);
    }
  }

  private void buy(Purchase purchase) {
    try {
      buyer.buy(purchase);
      ended.incrementAndGet();
    } catch (Buyer.GaveUp later) {
      gaveUp.incrementAndGet();
      LOG.info("gave up for now: {}", later.getMessage());
    }
  }

  /** Nobody begins a purchase any more; returns when all that are begun are over. */
  void end() throws InterruptedException {
    most = 0;
    awaitAll();
  }

  /** Returns when all purchases are over. */
  void awaitAll() throws InterruptedException {
    for (Thread customer : customers) {
      customer.join();
    }
    customers.clear();
  }

  /** In the calm the merchant does again what nobody answered. */
  void finish() {
    for (int round = 0; round < ROUNDS; round++) {
      each(purchases.stream().filter(purchase -> !purchase.ended()).toList(), this::buy);
    }
  }

  /** Everything again with the same keys: each is answered as it was. */
  void repeatAll() {
    each(
        purchases, purchase -> purchase.acknowledged().forEach(was -> buyer.repeat(purchase, was)));
  }

  /** Several at a time. */
  private static void each(Collection<Purchase> purchases, Consumer<Purchase> what) {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      CompletableFuture.allOf(
              purchases.stream()
                  .map(it -> CompletableFuture.runAsync(() -> what.accept(it), threads))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    }
  }

  List<Purchase> purchases() {
    return List.copyOf(purchases);
  }

  /** How many purchases came to their end. */
  int ended() {
    return ended.get();
  }

  /** How often a merchant gave up for a time. */
  int gaveUp() {
    return gaveUp.get();
  }
}
