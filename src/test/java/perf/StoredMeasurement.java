package perf;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import payments.PublicId;
import simulator.Latency;

/**
 * What it costs that millions of payments are stored already. Two gateways, each before a
 * PostgreSQL of its own, one of them with a past; rounds alternate between the two.
 */
public final class StoredMeasurement {
  private static final long PAYMENTS =
      Long.parseLong(System.getenv().getOrDefault("PAYMENTS", "5000000"));
  private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "5"));
  private static final Duration ROUND = Duration.ofSeconds(8);
  private static final Duration SETTLING = Duration.ofMinutes(1);
  private static final int CONNECTIONS = 64;
  private static final int SAMPLE = 20_000;

  /** Of what the empty one takes at most, for the times: neither waits for a place then. */
  private static final double PACE = 0.3;

  private StoredMeasurement() {}

  /** Runs all measurements. */
  public static void main(String[] arguments) {
    Bench.compare(Bench::oneMerchant, StoredMeasurement::run);
  }

  private static void run(Bench empty, Bench full) throws Exception {
    var sides = List.of(new Side(empty), new Side(full));
    for (Side side : sides) {
      side.bench.simulator().faults().latency(Latency.NONE);
      side.bench.warm(() -> side.closed(side.bench::nextCheckout));
    }
    long begun = System.nanoTime();
    new Past(full, PAYMENTS).write();
    System.out.printf(
        Locale.ROOT,
        "%d payments stored in %d s; the database has %d MB%n",
        full.number("SELECT count(*) FROM payment"),
        (System.nanoTime() - begun) / 1_000_000_000,
        full.number("SELECT pg_database_size(current_database()) / 1048576"));
    for (Side side : sides) {
      side.sample();
      // A database of this size has just been written and read from end to end. What checkouts need
      // of it is to be in memory, and this far from a checkpoint, on both sides alike.
      Load.closed(side.bench.apiPort(), CONNECTIONS, SETTLING, side.bench::nextCheckout);
    }
    compare("checkout", sides, side -> side.bench.nextCheckout());
    compare("retrieve", sides, Side::retrieve);
    compare("list", sides, Side::list);
  }

  private interface Request {
    byte[] of(Side side);
  }

  private static void compare(String what, List<Side> sides, Request request) throws Exception {
    // The first answers of a kind are slower than all others.
    for (Side side : sides) {
      side.closed(() -> request.of(side));
    }
    int pace =
        (int) (PACE * sides.getFirst().closed(() -> request.of(sides.getFirst())).perSecond());
    var rates = List.of(new ArrayList<Double>(), new ArrayList<Double>());
    var p99s = List.of(new ArrayList<Double>(), new ArrayList<Double>());
    for (int round = 1; round <= ROUNDS; round++) {
      for (int at = 0; at < sides.size(); at++) {
        Side side = sides.get(at);
        // No checkpoint here: what a round of seconds shows after one is nearly nothing else but
        // pages written as a whole because they are touched for the first time since.
        side.bench.drained();
        Load.Result most = side.closed(() -> request.of(side));
        side.bench.drained();
        Load.Result paced =
            Load.paced(side.bench.apiPort(), CONNECTIONS, pace, ROUND, () -> request.of(side));
        if (most.other() + paced.other() > 0) {
          throw new IllegalStateException("otherwise answered: " + (most.other() + paced.other()));
        }
        rates.get(at).add(most.perSecond());
        p99s.get(at).add(paced.quantileMs(0.99));
      }
      System.out.printf(
          Locale.ROOT,
          "%s, round %d: empty %.0f/s, p99 %.1f ms; full %.0f/s, p99 %.1f ms%n",
          what,
          round,
          rates.getFirst().getLast(),
          p99s.getFirst().getLast(),
          rates.getLast().getLast(),
          p99s.getLast().getLast());
    }
    double empty = Bench.median(rates.getFirst());
    double emptyP99 = Bench.median(p99s.getFirst());
    System.out.printf(
        Locale.ROOT,
        "STORED %s: %.0f/s empty, %.0f/s full, %.2f times; p99 at %d/s %.1f ms empty, %.1f ms full,"
            + " %.2f times (medians of %d rounds)%n",
        what,
        empty,
        Bench.median(rates.getLast()),
        empty / Bench.median(rates.getLast()),
        pace,
        emptyP99,
        Bench.median(p99s.getLast()),
        Bench.median(p99s.getLast()) / emptyP99,
        ROUNDS);
  }

  /** One of the two. */
  private static final class Side {
    private final Bench bench;
    private final Random random = new Random(1);
    private List<String> ids = List.of();

    Side(Bench bench) {
      this.bench = bench;
    }

    Load.Result closed(Supplier<byte[]> requests) {
      return Load.closed(bench.apiPort(), CONNECTIONS, ROUND, requests);
    }

    /** Draws payments to ask for, from all there are. */
    void sample() throws SQLException {
      var drawn = new ArrayList<String>();
      try (var connection = bench.connect();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT payment_id FROM payment ORDER BY random() LIMIT " + SAMPLE)) {
        while (rows.next()) {
          drawn.add(PublicId.PAYMENT.of(UUID.fromString(rows.getString(1))));
        }
      }
      ids = drawn;
    }

    byte[] retrieve() {
      return get("/v1/payment_intents/" + ids.get(random.nextInt(ids.size())));
    }

    byte[] list() {
      return get(
          "/v1/payment_intents?limit=10&starting_after=" + ids.get(random.nextInt(ids.size())));
    }

    private static byte[] get(String path) {
      return "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
          .formatted(path, Bench.API_KEY)
          .getBytes(StandardCharsets.US_ASCII);
    }
  }
}
