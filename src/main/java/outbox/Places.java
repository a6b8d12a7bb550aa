package outbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import payments.WebhookEndpoint;
import store.DeliveryQueue;

/**
 * Who may send how much at once on this node, so that no endpoint delays another. An endpoint that
 * answers quickly has its limit and all places of the node. One that fails has one place, and so
 * has one that is not known yet. Those that fail or are slow, also those whose attempt in flight
 * takes long already, share half of the node's places. So however many of them hang, half of the
 * places are left for those that do not.
 *
 * <p>Those that are not known yet, and those that were quick until now, do not share, so that a new
 * endpoint is told although others hang. A crowd of them that begins to hang within a second may
 * take all places, once and until those attempts have timed out: then it is known.
 *
 * <p>Whoever was given something longest ago is next, so that each gets its turn however many wait
 * for the same places, and one merchant's endpoints have half of what is shared at most.
 *
 * <p>Belongs to one event loop.
 */
final class Places {
  private static final long SLOW_NANOS = 1_000_000_000;

  /** How many endpoints are remembered that have nothing in flight. */
  private static final int REMEMBERED = 10_000;

  private final int total;
  private final int perEndpoint;
  private final Map<UUID, Load> loads = new LinkedHashMap<>();
  private int inFlight;
  private long turns;

  private enum Pace {
    UNKNOWN,
    QUICK,
    SLOW,
    FAILING
  }

  /** What an endpoint has in flight, the oldest first, and how its last answer came. */
  private static final class Load {
    final String merchantId;
    final ArrayDeque<Long> startedAt = new ArrayDeque<>();
    Pace pace = Pace.UNKNOWN;
    long lastTurn;

    Load(String merchantId) {
      this.merchantId = merchantId;
    }

    /** One whose oldest attempt takes long is slow before its answer says so. */
    boolean late(long now) {
      Long oldest = startedAt.peek();
      return oldest != null && now - oldest > SLOW_NANOS;
    }

    boolean shares(long now) {
      return shared(pace) || late(now);
    }
  }

  Places(int total, int perEndpoint) {
    this.total = total;
    this.perEndpoint = perEndpoint;
  }

  int inFlight() {
    return inFlight;
  }

  boolean isFull() {
    return inFlight >= total;
  }

  /** Endpoints that may not be given more now, whatever they have waiting. */
  List<UUID> full() {
    var full = new ArrayList<UUID>();
    loads.forEach(
        (id, load) -> {
          if (!load.startedAt.isEmpty() && load.startedAt.size() >= limit(load.pace)) {
            full.add(id);
          }
        });
    return full;
  }

  /** How much each of these may be given now: one each in turns, until the places are taken. */
  List<DeliveryQueue.Places> free(List<WebhookEndpoint> waiting, long now) {
    List<WebhookEndpoint> inTurn = new ArrayList<>(waiting);
    inTurn.sort(Comparator.comparingLong(this::lastTurn));
    int left = total - inFlight;
    var shares = new Shares(now);
    var given = new int[inTurn.size()];
    boolean gave = true;
    while (gave && left > 0) {
      gave = false;
      for (int i = 0; i < given.length && left > 0; i++) {
        WebhookEndpoint endpoint = inTurn.get(i);
        Pace pace = pace(endpoint);
        boolean room = given[i] + inFlight(endpoint.id()) < limit(pace);
        boolean shared = shared(pace) || isLate(endpoint.id(), now);
        if (room && (!shared || shares.take(endpoint.merchantId()))) {
          given[i]++;
          left--;
          gave = true;
        }
      }
    }
    var places = new ArrayList<DeliveryQueue.Places>();
    for (int i = 0; i < given.length; i++) {
      if (given[i] > 0) {
        places.add(new DeliveryQueue.Places(inTurn.get(i), given[i]));
      }
    }
    return places;
  }

  /** What those who share have left, together and each merchant. */
  private final class Shares {
    private final int ofMerchant = Math.max(1, total / 4);
    private final Map<String, Integer> taken = new HashMap<>();
    private int left = Math.max(1, total / 2);

    Shares(long now) {
      for (Load load : loads.values()) {
        if (load.shares(now)) {
          left -= load.startedAt.size();
          taken.merge(load.merchantId, load.startedAt.size(), Integer::sum);
        }
      }
    }

    boolean take(String merchantId) {
      if (left <= 0 || taken.getOrDefault(merchantId, 0) >= ofMerchant) {
        return false;
      }
      left--;
      taken.merge(merchantId, 1, Integer::sum);
      return true;
    }
  }

  void started(WebhookEndpoint endpoint, long now) {
    Load load = loads.computeIfAbsent(endpoint.id(), absent -> new Load(endpoint.merchantId()));
    load.pace = pace(endpoint);
    load.lastTurn = ++turns;
    load.startedAt.add(now);
    inFlight++;
  }

  /**
   * An attempt is over.
   *
   * @param delivered whether it went through, null where it was not tried
   */
  void ended(UUID endpointId, long startedAt, long now, @Nullable Boolean delivered) {
    Load load = loads.remove(endpointId);
    if (load == null || !load.startedAt.removeFirstOccurrence(startedAt)) {
      throw new IllegalStateException("nothing in flight to " + endpointId);
    }
    inFlight--;
    if (delivered != null) {
      load.pace = !delivered ? Pace.FAILING : now - startedAt > SLOW_NANOS ? Pace.SLOW : Pace.QUICK;
    }
    // Put back at the end: what was used last is forgotten last.
    loads.put(endpointId, load);
    forget();
  }

  private void forget() {
    Iterator<Load> eldest = loads.values().iterator();
    while (loads.size() > REMEMBERED && eldest.hasNext()) {
      if (eldest.next().startedAt.isEmpty()) {
        eldest.remove();
      }
    }
  }

  private static boolean shared(Pace pace) {
    return pace == Pace.FAILING || pace == Pace.SLOW;
  }

  private boolean isLate(UUID endpointId, long now) {
    Load load = loads.get(endpointId);
    return load != null && load.late(now);
  }

  private Pace pace(WebhookEndpoint endpoint) {
    Load load = loads.get(endpoint.id());
    Pace pace = load == null ? Pace.UNKNOWN : load.pace;
    // Another node may have seen it fail.
    return pace == Pace.UNKNOWN && endpoint.failingSince() != null ? Pace.FAILING : pace;
  }

  private int inFlight(UUID endpointId) {
    Load load = loads.get(endpointId);
    return load == null ? 0 : load.startedAt.size();
  }

  /** One that was never given anything is next. */
  private long lastTurn(WebhookEndpoint endpoint) {
    Load load = loads.get(endpoint.id());
    return load == null ? 0 : load.lastTurn;
  }

  private int limit(Pace pace) {
    return switch (pace) {
      case UNKNOWN, FAILING -> 1;
      case QUICK, SLOW -> perEndpoint;
    };
  }
}
