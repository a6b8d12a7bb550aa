package simulator;

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

/**
 * The idempotency keys of one account: as long as they live, the first answer under a key is the
 * answer to every request with it. Under the bank's lock.
 */
public final class IdempotencyKeys {
  private final Provider provider;
  private final String account;
  private final InstantSource clock;
  private final Journal journal;
  private final int most;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * What differs between providers.
   *
   * @param kind under which the journal keeps the keys
   * @param life how long a key is remembered
   */
  public record Provider(String kind, Duration life) {}

  /**
   * @param most how many answers are remembered; beyond, the oldest are forgotten before their time
   */
  public IdempotencyKeys(
      Provider provider, String account, InstantSource clock, Journal journal, int most) {
    this.provider = provider;
    this.account = account;
    this.clock = clock;
    this.journal = journal;
    this.most = most;
  }

  /** What is known under a key. */
  public record Entry(String fingerprint, Instant since, @Nullable Stored stored) {}

  /** A kept answer. */
  public record Stored(int status, Buffer body, String requestId) {}

  /** A short stand-in for what a request says. */
  public static String fingerprint(String request) {
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
  public @Nullable Entry find(String key) {
    Entry entry = entries.get(key);
    if (entry != null && over(entry)) {
      entries.remove(key);
      return null;
    }
    return entry;
  }

  public void reserve(String key, String fingerprint) {
    trim();
    entries.put(key, new Entry(fingerprint, clock.instant(), null));
  }

  public void forget(String key) {
    entries.remove(key);
  }

  public void keep(String key, String fingerprint, Stored answer) {
    Entry entry = new Entry(fingerprint, clock.instant(), answer);
    entries.put(key, entry);
    journal.append(provider.kind(), account + '/' + key, () -> toJson(key, entry, answer));
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
    return entry.stored() != null && !clock.instant().isBefore(entry.since().plus(provider.life()));
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

  public void restore(JsonObject json) {
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
