package simulator.stripe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.Journal;

/**
 * The idempotency keys of one account: for 24 hours, the first answer under a key is the answer to
 * every request with it.
 */
final class IdempotencyKeys {
  static final String KIND = "stripe.idempotency_key";
  private static final Duration LIFE = Duration.ofHours(24);

  private final String account;
  private final InstantSource clock;
  private final Journal journal;
  private final int most;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  IdempotencyKeys(String account, InstantSource clock, Journal journal, int most) {
    this.account = account;
    this.clock = clock;
    this.journal = journal;
    this.most = most;
  }

  /** What is known under a key. */
  record Entry(String fingerprint, Instant since, @Nullable Stored stored) {}

  /** A kept answer. */
  record Stored(int status, Buffer body, String requestId) {}

  /** A short stand-in for what a request says. */
  static String fingerprint(String request) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(request.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** What is known under a key; null when nothing is, or its time is over. */
  @Nullable Entry find(String key) {
    Entry entry = entries.get(key);
    if (entry != null && over(entry)) {
      entries.remove(key);
      return null;
    }
    return entry;
  }

  void reserve(String key, String fingerprint) {
    trim();
    entries.put(key, new Entry(fingerprint, clock.instant(), null));
  }

  void forget(String key) {
    entries.remove(key);
  }

  void keep(String key, String fingerprint, Stored answer) {
    Entry entry = new Entry(fingerprint, clock.instant(), answer);
    entries.put(key, entry);
    journal.append(KIND, account + '/' + key, () -> toJson(key, entry, answer));
  }

  private void trim() {
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.stored() == null) {
        continue; // still being carried out
      }
      if (entries.size() < most && !over(entry)) {
        return; // entries are in order of time, so the first that stays ends the search
      }
      oldest.remove();
    }
  }

  private boolean over(Entry entry) {
    return entry.stored() != null && !clock.instant().isBefore(entry.since().plus(LIFE));
  }

  private JsonObject toJson(String key, Entry entry, Stored answer) {
    return new JsonObject()
        .put("account", account)
        .put("key", key)
        .put("fingerprint", entry.fingerprint())
        .put("since", entry.since().toEpochMilli())
        .put("status", answer.status())
        .put("body", answer.body().toString())
        .put("request_id", answer.requestId());
  }

  void restore(JsonObject json) {
    entries.put(
        json.getString("key"),
        new Entry(
            json.getString("fingerprint"),
            Instant.ofEpochMilli(json.getLong("since")),
            new Stored(
                json.getInteger("status"),
                Buffer.buffer(json.getString("body")),
                json.getString("request_id"))));
  }
}
