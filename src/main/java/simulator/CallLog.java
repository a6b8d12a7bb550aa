package simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last calls received, oldest first; older ones are forgotten. Safe from any thread. */
final class CallLog {
  private final int capacity;
  private final Deque<Call> calls = new ArrayDeque<>();

  CallLog(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(Call call) {
    if (capacity == 0) {
      return;
    }
    if (calls.size() == capacity) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }

  synchronized List<Call> all() {
    return List.copyOf(calls);
  }

  synchronized void clear() {
    calls.clear();
  }
}
