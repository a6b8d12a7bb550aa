package simulator.webhooks;

import io.vertx.core.json.JsonObject;

/**
 * What happened to events so far.
 *
 * @param recorded events that came to be
 * @param attempts sendings, repeats included
 * @param delivered sendings that were acknowledged
 * @param refused sendings that were not, whatever the reason
 * @param dropped deliveries lost by a fault
 * @param givenUp deliveries that were repeated in vain
 * @param overflowed deliveries that found no place in the queue
 * @param open deliveries that wait or are under way
 */
public record WebhookCounts(
    long recorded,
    long attempts,
    long delivered,
    long refused,
    long dropped,
    long givenUp,
    long overflowed,
    int open) {

  public JsonObject toJson() {
    return new JsonObject()
        .put("recorded", recorded)
        .put("attempts", attempts)
        .put("delivered", delivered)
        .put("refused", refused)
        .put("dropped", dropped)
        .put("given_up", givenUp)
        .put("overflowed", overflowed)
        .put("open", open);
  }
}
