package psp;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A PSP account's webhooks: are they genuine, and what do they say. Pure. */
public interface PspWebhooks {

  /**
   * Checks a webhook's signature over its raw bytes and names what is in it.
   *
   * @param header gives a request header's value by its name, or null
   * @param now the time that signatures' ages are measured from
   */
  Check check(Function<String, @Nullable String> header, Buffer body, Instant now);

  /** What a webhook is answered with whose events are all stored. */
  Acknowledgement acknowledgement();

  /**
   * An answer that the PSP takes as "got it": anything else is sent again.
   *
   * @param body in ASCII
   */
  record Acknowledgement(String contentType, String body) {}

  /**
   * What a stored event says.
   *
   * @param type as {@link Item} named it
   * @param body as {@link Item} gave it
   */
  PspFact read(String type, String body);

  /** Whether a webhook may be taken. */
  sealed interface Check {}

  /** It comes from the PSP, unchanged. */
  record Genuine(List<Item> items) implements Check {
    public Genuine {
      items = List.copyOf(items);
    }
  }

  /**
   * It is not to be taken.
   *
   * @param why for the answer and the log; holds no secret
   */
  record Refused(Why reason, String why) implements Check {
    /** Whether another try could do better. */
    public enum Why {
      /** No signature, a wrong one, or one that is too old. */
      SIGNATURE,
      /** Signed, but not what the PSP's documents say. */
      UNREADABLE,
      /** No secret is configured to check it with. */
      NO_SECRET
    }
  }

  /**
   * One event of a webhook.
   *
   * @param name what the PSP calls it: the same event told again has the same name
   * @param subject the PSP's id of the object it is about, by which events are shared out
   * @param body what is kept of it, in UTF-8 and without NUL
   * @param ignored why it is of no consequence, where its type alone tells: it is kept and not
   *     worked then; null for one to read
   */
  record Item(String name, String type, String subject, Buffer body, @Nullable String ignored) {}
}
