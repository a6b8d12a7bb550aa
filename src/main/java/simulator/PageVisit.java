package simulator;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A customer's browser on a page of the provider's or the issuer's. */
public final class PageVisit implements Dialect.Visit, Dialect.Execution {
  private final Function<Inbound, Answer> page;
  private final Inbound request;
  private final Call call;

  public PageVisit(Instant now, Function<Inbound, Answer> page, Inbound request) {
    this.page = page;
    this.request = request;
    this.call =
        new Call(
            now,
            "",
            request.method(),
            request.path(),
            request.query(),
            null,
            Operation.OTHER,
            Map.of(),
            request.body());
  }

  @Override
  public Call call() {
    return call;
  }

  @Override
  public Dialect.Admission admit() {
    return this;
  }

  @Override
  public Answer refuse(Refusal refusal) {
    return new Answer(refusal.status(), Map.of(), Buffer.buffer());
  }

  @Override
  public Answer run(long skewMinor, Fault.@Nullable Failure insteadOfAnswer) {
    Answer answer = page.apply(request);
    return insteadOfAnswer == null ? answer : refuse(insteadOfAnswer.refusal());
  }

  @Override
  public Answer fail(Refusal refusal) {
    return refuse(refusal);
  }

  @Override
  public void abandon() {
    // a page visit holds nothing
  }
}
