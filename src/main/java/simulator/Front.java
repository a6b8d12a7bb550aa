package simulator;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simulator.Dialect.Answered;
import simulator.Dialect.Execution;
import simulator.webhooks.Webhooks;

/** The way of one provider call: read, log, draw its faults, carry it out, answer (or not). */
final class Front {
  /** What a firewall says. */
  private static final String PAGE = "<html><body>Access denied</body></html>";

  private static final Logger LOG = LoggerFactory.getLogger(Front.class);
  private static final int MOST_BODY_BYTES = 1 << 20;

  private final Vertx vertx;
  private final Bank bank;
  private final Journal journal;
  private final Faults faults;
  private final CallLog calls;
  private final Webhooks webhooks;
  private final List<Dialect> dialects;

  Front(
      Vertx vertx,
      Bank bank,
      Journal journal,
      Faults faults,
      CallLog calls,
      Webhooks webhooks,
      List<Dialect> dialects) {
    this.vertx = vertx;
    this.bank = bank;
    this.journal = journal;
    this.faults = faults;
    this.calls = calls;
    this.webhooks = webhooks;
    this.dialects = List.copyOf(dialects);
  }

  void handle(HttpServerRequest request) {
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > MOST_BODY_BYTES) {
            request.connection().close();
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end -> {
          String path = request.path();
          String query = request.query();
          serve(
              request.response(),
              new Inbound(
                  request.method().name(),
                  path == null ? "" : path,
                  query == null ? "" : query,
                  request.headers(),
                  body),
              () -> request.connection().close());
        });
  }

  private void serve(HttpServerResponse response, Inbound inbound, Runnable close) {
    Dialect dialect =
        dialects.stream().filter(each -> each.serves(inbound.path())).findFirst().orElse(null);
    if (dialect == null) {
      write(response, Answer.html(404, "<p>Nothing is simulated here.</p>"));
      return;
    }
    Dialect.Visit visit = bank.exclusively(() -> dialect.open(inbound));
    calls.add(visit.call());
    new Handling(response, dialect, visit, faults.plan(visit.call()), close).begin();
  }

  private static void write(HttpServerResponse response, Answer answer) {
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.end(answer.body());
  }

  /** One call under its plan. */
  private final class Handling {
    private final HttpServerResponse response;
    private final Dialect dialect;
    private final Dialect.Visit visit;
    private final Faults.Plan plan;
    private final Runnable close;
    private final @Nullable Fault fault;

    Handling(
        HttpServerResponse response,
        Dialect dialect,
        Dialect.Visit visit,
        Faults.Plan plan,
        Runnable close) {
      this.response = response;
      this.dialect = dialect;
      this.visit = visit;
      this.plan = plan;
      this.close = close;
      this.fault = plan.fault();
    }

    void begin() {
      response.exceptionHandler(gone -> LOG.debug("a caller left before its answer", gone));
      if (fault instanceof Fault.Drop drop && !drop.afterEffect()) {
        after(plan.before(), close);
        return;
      }
      if (fault instanceof Fault.Page page) {
        after(plan.before(), () -> write(response, Answer.html(page.status(), PAGE)));
        return;
      }
      if (fault instanceof Fault.Failure failure && !failure.afterEffect() && !failure.kept()) {
        after(plan.before(), () -> write(response, visit.refuse(failure.refusal())));
        return;
      }
      switch (bank.exclusively(visit::admit)) {
        case Answered answered ->
            after(plan.before(), () -> hangOr(() -> finish(known(answered.answer()))));
        case Execution execution ->
            after(plan.before(), () -> hangBefore(execution, () -> carryOut(execution)));
      }
    }

    /**
     * A replay under a fault that wants another answer gets that answer, and the stored one stays.
     */
    private Answer known(Answer answer) {
      return fault instanceof Fault.Failure failure ? visit.refuse(failure.refusal()) : answer;
    }

    private void hangBefore(Execution execution, Runnable goOn) {
      if (fault instanceof Fault.Hang hang && !hang.afterEffect()) {
        hang(goOn, () -> bank.exclusively(() -> abandoned(execution)));
      } else {
        goOn.run();
      }
    }

    private boolean abandoned(Execution execution) {
      execution.abandon();
      return true;
    }

    private void carryOut(Execution execution) {
      Webhooks.Collected<Answer> effect;
      try {
        effect = bank.exclusively(() -> webhooks.collecting(() -> effect(execution)));
      } catch (RuntimeException bug) {
        LOG.error("the simulator failed on {} {}", visit.call().method(), visit.call().path(), bug);
        bank.exclusively(() -> abandoned(execution));
        write(response, Answer.html(500, "<p>The simulator itself failed; see its log.</p>"));
        return;
      }
      Answer answer = effect.result();
      journal
          .flush()
          .compose(written -> effect.told())
          .onSuccess(
              done -> {
                if (fault instanceof Fault.Hang hang && hang.afterEffect()) {
                  hangOr(() -> finish(answer));
                } else {
                  finish(answer);
                }
              })
          .onFailure(
              failed -> {
                LOG.error("the simulator's journal cannot be written", failed);
                close.run();
              });
    }

    private Answer effect(Execution execution) {
      if (fault instanceof Fault.Failure failure) {
        return failure.afterEffect()
            ? execution.run(0, failure)
            : execution.fail(failure.refusal());
      }
      return execution.run(fault instanceof Fault.WrongAmount wrong ? wrong.skewMinor() : 0, null);
    }

    private void finish(Answer answer) {
      Answer told = told(answer);
      after(
          plan.after(),
          () -> {
            if (fault instanceof Fault.Drop) {
              close.run();
            } else {
              write(response, told);
            }
          });
    }

    private Answer told(Answer answer) {
      if (fault instanceof Fault.Garbage garbage) {
        return new Answer(200, answer.headers(), garbage.form().apply(answer.body()));
      }
      return fault instanceof Fault.Misstatement lie ? dialect.misstate(answer, lie) : answer;
    }

    private void hangOr(Runnable goOn) {
      if (fault instanceof Fault.Hang) {
        hang(goOn, () -> {});
      } else {
        goOn.run();
      }
    }

    private void hang(Runnable goOn, Runnable abandon) {
      if (response.closed()) {
        abandon.run(); // its caller left during a delay, and nobody would tell us again
        return;
      }
      Context context = vertx.getOrCreateContext();
      AtomicBoolean over = new AtomicBoolean();
      Runnable released =
          () ->
              context.runOnContext(
                  ignored -> {
                    if (over.compareAndSet(false, true)) {
                      goOn.run();
                    }
                  });
      faults.hang(released);
      response.closeHandler(
          closed -> {
            if (faults.unhang(released) && over.compareAndSet(false, true)) {
              abandon.run();
            }
          });
    }

    private void after(Duration time, Runnable step) {
      if (time.isZero()) {
        step.run();
      } else {
        vertx.setTimer(Math.max(1, time.toMillis()), fired -> step.run());
      }
    }
  }
}
