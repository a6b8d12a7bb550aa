package routes.api;

import io.vertx.core.Future;
import payments.Answer;
import payments.Command;

/**
 * The way from the edge to the core. Its future always completes, with a bound on time; it fails
 * with a {@code ReplyException} of the event bus, or anything else for a fault of ours.
 */
public interface CommandSender {
  Future<Answer> send(Command command);
}
