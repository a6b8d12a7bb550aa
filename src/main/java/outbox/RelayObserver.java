package outbox;

/** Told what the relay to Kafka does. */
public interface RelayObserver {
  /** So many events were acknowledged. */
  void relayed(int events);

  /** A round did not get all of its events to Kafka. */
  void failed();

  /** A lane stands still at an event that cannot be rendered. */
  void stuck();
}
