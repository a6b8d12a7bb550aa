package chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import support.Await;

/**
 * Two nodes under twice the load that one can take, of which one is killed and started again. What
 * a node can take is found before: PSPs take their time and a node has so many places, so that it
 * is the node that is full and not the machine.
 */
final class Overload {
  private static final Logger LOG = LoggerFactory.getLogger(Overload.class);
  private static final int PSP_TAKES_MS = 300;
  private static final int MOST_CUSTOMERS = 256;
  private static final int WELL = 50;
  private static final String TAKE =
      "amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa";

  private final Town town;
  private final Buyer buyer;
  private final Shopping shopping;

  Overload(Town town, Buyer buyer, long seed) {
    this.town = town;
    this.buyer = buyer;
    shopping = new Shopping("overload", seed, buyer, Purchase.Kind.TAKE);
  }

  Shopping shopping() {
    return shopping;
  }

  /** Before, during and after; each part takes so long, and the end as long as it takes. */
  void pass(Duration part) throws IOException, InterruptedException {
    town.simulator()
        .fault(
            new JsonObject()
                .put("fault", "delay")
                .put("latency", new JsonObject().put("kind", "fixed").put("ms", PSP_TAKES_MS)));
    try {
      int customers = 2 * takenByOne(part);
      shopping.begin(customers, Integer.MAX_VALUE);
      phase("both nodes", part);
      Node killed = town.nodes().getLast();
      killed.kill();
      phase("one killed", part);
      killed.start();
      awaitWell();
      phase("both again", part);
      shopping.end();
    } finally {
      town.simulator().noFaults();
    }
  }

  /** How many customers at once one node takes without sending one away. */
  private int takenByOne(Duration part) throws InterruptedException {
    URI one = Objects.requireNonNull(town.nodes().getFirst().api());
    int taken = 0;
    for (int customers = 2; customers <= MOST_CUSTOMERS; customers *= 2) {
      if (!takes(one, customers, part.dividedBy(2))) {
        break;
      }
      taken = customers;
    }
    LOG.info("one node takes {} customers at once", taken);
    assertThat(taken).as("customers at once that one node takes").isPositive();
    return taken;
  }

  private boolean takes(URI node, int customers, Duration time) throws InterruptedException {
    var sentAway = new AtomicInteger();
    var done = new CountDownLatch(customers);
    long begun = System.nanoTime();
    for (int i = 0; i < customers; i++) {
      String name = "probe-" + customers + "-" + i + "-";
      Thread.ofVirtual()
          .start(
              () -> {
                for (int n = 0; System.nanoTime() - begun < time.toNanos(); n++) {
                  var answer = buyer.send(node, "/v1/payment_intents", TAKE, name + n);
                  if (answer == null || answer.statusCode() != 200) {
                    sentAway.incrementAndGet();
                  }
                }
                done.countDown();
              });
    }
    done.await();
    return sentAway.get() == 0;
  }

  private void phase(String name, Duration part) {
    long requests = buyer.requests();
    long repeats = buyer.repeats();
    int gaveUp = shopping.gaveUp();
    int ended = shopping.ended();
    LockSupport.parkNanos(part.toNanos());
    LOG.info(
        "{}: {} purchases, {} requests, {} of them again, gave up {} times",
        name,
        shopping.ended() - ended,
        buyer.requests() - requests,
        buyer.repeats() - repeats,
        shopping.gaveUp() - gaveUp);
  }

  /** Waits until no merchant has given up while a good number was answered. */
  private void awaitWell() {
    var since = new int[] {shopping.ended(), shopping.gaveUp()};
    Await.until(
        "payments are taken and no merchant gives up",
        () -> {
          if (shopping.gaveUp() > since[1]) {
            since[0] = shopping.ended();
            since[1] = shopping.gaveUp();
          }
          return shopping.ended() - since[0] >= WELL;
        });
  }
}
