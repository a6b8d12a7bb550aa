package verticles;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;

/**
 * Passes immutable records over the event bus as they are. They stay in this JVM: going over the
 * wire of a cluster is refused, since nothing here says how they would look there.
 */
public final class LocalCodec implements MessageCodec<Object, Object> {
  /** The codec's name on the bus. */
  public static final String NAME = "local";

  LocalCodec() {}

  /**
   * Makes the bus carry all instances of some types, sealed hierarchies included (a default codec
   * would match exact classes only). Called once per bus, with all types: a bus has one selector.
   */
  public static void register(EventBus bus, Class<?>... types) {
    List<Class<?>> carried = List.of(types);
    bus.registerCodec(new LocalCodec());
    bus.codecSelector(
        body -> carried.stream().anyMatch(type -> type.isInstance(body)) ? NAME : null);
  }

  @Override
  public void encodeToWire(Buffer buffer, Object body) {
    throw new UnsupportedOperationException(
        body.getClass().getName() + " does not leave this machine");
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException("local messages do not come from another machine");
  }

  @Override
  public Object transform(Object body) {
    return body;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
