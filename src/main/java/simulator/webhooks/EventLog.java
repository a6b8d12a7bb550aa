package simulator.webhooks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last events and their deliveries; older ones are forgotten. Guarded by {@link Webhooks}. */
final class EventLog {
  private final int capacity;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, WebhookEvent> lastOfObject = new HashMap<>();

  EventLog(int capacity) {
    this.capacity = capacity;
  }

  /** An event and its deliveries so far. */
  record Entry(WebhookEvent event, List<Delivery> deliveries) {}

  void add(WebhookEvent event) {
    if (capacity == 0) {
      return;
    }
    while (entries.size() >= capacity) {
      Iterator<Entry> oldest = entries.sequencedValues().iterator();
      WebhookEvent forgotten = oldest.next().event();
      oldest.remove();
      lastOfObject.remove(forgotten.object(), forgotten);
    }
    entries.put(event.id(), new Entry(event, new ArrayList<>(1)));
    lastOfObject.put(event.object(), event);
  }

  void add(Delivery delivery) {
    Entry entry = entries.get(delivery.event().id());
    if (entry != null) {
      entry.deliveries().add(delivery);
    }
  }

  /** The last event that showed an object. */
  @Nullable WebhookEvent lastOf(String object) {
    return lastOfObject.get(object);
  }

  @Nullable WebhookEvent find(String id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.event();
  }

  /** Oldest first. */
  List<WebhookEvent> events() {
    return entries.values().stream().map(Entry::event).toList();
  }

  /** Oldest first. */
  List<SentEvent> sent() {
    return entries.values().stream()
        .map(
            entry ->
                new SentEvent(
                    entry.event(), entry.deliveries().stream().map(Delivery::report).toList()))
        .toList();
  }

  void clear() {
    entries.clear();
    lastOfObject.clear();
  }
}
