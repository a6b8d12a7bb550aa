package routes.api;

import flows.ReturnAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import payments.Answer;
import payments.Command;
import payments.Refusal;
import payments.RequestContext;
import routes.BoundedBody;

/**
 * A customer's browser on its way back from an authentication. It has no API key and gets no JSON:
 * it is sent on, or shown a line of text. Whatever it brings is a stranger's word, which is passed
 * on within bounds: what of it is its PSP's, others know.
 */
final class CustomerReturn {
  private static final Logger LOG = LoggerFactory.getLogger(CustomerReturn.class);

  /** More than any PSP gives a browser, with what others add on the way. */
  private static final int MAX_DETAILS = 32;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int MAX_DETAIL_LENGTH = 16_384;
  private static final int MAX_BODY_BYTES = 65_536;

  /** A form of so little is here at once; who sends it drop by drop takes others' place. */
  private static final long MAX_BODY_MILLIS = 5_000;

  private static final String CUSTOMER = "customer";

  private final Vertx vertx;
  private final ApiSettings settings;
  private final CommandSender sender;
  private final Admission admission;
  private final HttpServerRequest request;
  private final Reply reply;
  private final ReturnAddress address;

  /** One address has a limit, as one merchant has: whoever has it cannot keep others out. */
  private final ApiKey visitors;

  private @Nullable BoundedBody body;
  private long timer;
  private boolean sent;
  private boolean left;

  CustomerReturn(
      Vertx vertx,
      ApiSettings settings,
      CommandSender sender,
      Admission admission,
      HttpServerRequest request,
      Reply reply,
      ReturnAddress address) {
    this.vertx = vertx;
    this.settings = settings;
    this.sender = sender;
    this.admission = admission;
    this.request = request;
    this.reply = reply;
    this.address = address;
    this.visitors = new ApiKey(CUSTOMER, address.operationKey(), true, address.livemode());
  }

  /** Begins, where there is room for one more. */
  void start() {
    try {
      admission.enter(visitors);
    } catch (RefusedException full) {
      reply.page(503, "Too many people are paying right now. Please reload this page.");
      return;
    }
    request.exceptionHandler(cause -> connectionLost());
    if (request.method().equals(HttpMethod.POST)) {
      timer = vertx.setTimer(bodyMillis(), id -> tooSlow());
      guarded(this::readForm);
    } else {
      guarded(() -> dispatch(details(request.query())));
    }
  }

  private long bodyMillis() {
    return Math.min(settings.requestTimeout().toMillis(), MAX_BODY_MILLIS);
  }

  private void readForm() {
    body = new BoundedBody(vertx, request, MAX_BODY_BYTES);
    body.read(
        bytes -> true,
        whole ->
            guarded(
                () -> {
                  Map<String, String> found = details(request.query());
                  found.putAll(details(whole.toString(StandardCharsets.UTF_8)));
                  dispatch(found);
                }),
        refused -> guarded(() -> end(413, "What this page was sent is too long.")));
  }

  /** What is sound of a query or a form; anything else is left. */
  private static Map<String, String> details(@Nullable String form) {
    var kept = new HashMap<String, String>();
    if (form == null || form.isEmpty()) {
      return kept;
    }
    FormReader.read(form.getBytes(StandardCharsets.UTF_8))
        .forEach(
            (name, value) -> {
              if (soundName(name) && value instanceof String text && sound(text)) {
                kept.put(name, text);
              }
            });
    return kept;
  }

  private static boolean soundName(String name) {
    return NAME.matcher(name).matches() && !CardNumbers.in(name);
  }

  /** Printable, of some length, and nothing that must not be kept. */
  private static boolean sound(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_DETAIL_LENGTH
        && text.chars().allMatch(next -> next >= 0x20 && next < 0x7f)
        && !CardNumbers.in(text);
  }

  private void dispatch(Map<String, String> details) {
    if (left) {
      return;
    }
    if (details.size() > MAX_DETAILS) {
      throw new RefusedException(
          Refusal.Code.BODY_MALFORMED, "Up to " + MAX_DETAILS + " parameters may be brought.");
    }
    var context =
        new RequestContext(
            address.merchantId(),
            address.livemode(),
            reply.requestId(),
            CUSTOMER,
            true,
            null,
            List.of());
    sent = true;
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(settings.requestTimeout().toMillis(), id -> checking());
    sender
        .send(new Command.ReturnCustomer(context, address.operationKey(), address.proof(), details))
        .onComplete(
            done -> {
              if (done.succeeded()) {
                give(done.result());
              } else {
                LOG.warn(
                    "request {}: a customer was not sent on: {}",
                    reply.requestId(),
                    done.cause().toString());
                checking();
              }
              leave();
            });
  }

  private void give(Answer answer) {
    switch (answer.status()) {
      case 302 -> reply.sendOn(answer.body());
      case 404 -> reply.page(404, "There is nothing at this address.");
      default -> checking();
    }
  }

  /** A reload finds what has become of it, and begins nothing a second time. */
  private void checking() {
    reply.page(503, "Your payment is being checked. Please reload this page in a moment.");
  }

  private void end(int status, String text) {
    reply.page(status, text);
    leave();
  }

  /** Nothing was sent on yet, nor is it when the rest arrives: the place is given to the next. */
  private void tooSlow() {
    if (body != null) {
      body.hangUpSoon();
    }
    end(408, "What this page was sent did not arrive in time. Please try again.");
  }

  private void connectionLost() {
    if (!sent) {
      leave();
    }
  }

  /** Runs a step; what cannot be read ends the visit. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RefusedException e) {
      end(400, "What this page was sent cannot be read.");
    } catch (RuntimeException e) {
      LOG.error("request {} failed", reply.requestId(), e);
      end(500, "Something went wrong on our side. Please reload this page.");
    }
  }

  private void leave() {
    if (!left) {
      left = true;
      vertx.cancelTimer(timer);
      admission.leave(visitors);
    }
  }
}
