package store;

import java.util.UUID;
import payments.Operation;
import payments.Payment;

/**
 * The end of an authorize operation that charged nothing and the beginning of the one that takes
 * its place at another PSP account: one statement and one commit, so that at no moment both are
 * open, or neither. The request stays unanswered until the last of them ends.
 *
 * @param payment the payment as the first operation was begun on it, whose status it still must
 *     have. Its money stands as long as that operation is open; what else it says may have changed
 * @param end the first operation's end; of its change of the payment nothing is written, since the
 *     payment goes on, and it has no answer
 * @param begin the operation that is sent next
 * @param begun what the history calls its beginning
 */
public record FailOver(Payment payment, Finish end, Write.Begin begin, String begun) {
  Operation ended() {
    return end.operation();
  }

  UUID nextId() {
    return begin.operation().id();
  }
}
