package simulator.stripe;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import simulator.Answer;
import simulator.Call;
import simulator.Dialect;
import simulator.Fault;
import simulator.Inbound;
import simulator.Operation;
import simulator.Refusal;

/** A customer's browser on the challenge page. */
final class PageVisit implements Dialect.Visit, Dialect.Execution {
  private final ChallengePage page;
  private final Inbound request;
  private final Call call;

  PageVisit(StripeWorld world, ChallengePage page, Inbound request) {
    this.page = page;
    this.request = request;
    this.call =
        new Call(
            world.now(),
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
    Answer answer = page.answer(request);
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
