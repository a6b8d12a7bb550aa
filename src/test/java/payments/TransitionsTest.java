package payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Transitions.Transition;

/** The transition table against one written down here, over every status and event. */
class TransitionsTest {
  /** What may happen in a status, and where it leads. Everything else is impossible. */
  private static final String EXPECTED =
      """
      requires_payment_method
        method_given      requires_confirmation
        authorize_begun   processing
        canceled          canceled
      requires_confirmation
        method_given      requires_confirmation
        method_removed    requires_payment_method
        authorize_begun   processing
        canceled          canceled
      processing
        action_required   requires_action
        authorized        requires_capture
        captured          succeeded
        declined          requires_payment_method
        capture_failed    requires_capture
        voided            canceled
        void_failed       requires_capture
        challenge_kept    requires_action
        challenge_ended   requires_confirmation
        late_success      canceled
      requires_action
        authorized        requires_capture
        captured          succeeded
        declined          requires_payment_method
        authentication_begun processing
        void_begun        processing
        challenge_ended   requires_confirmation
      requires_capture
        capture_begun     processing
        void_begun        processing
        captured_at_psp   succeeded
        voided_at_psp     canceled
        expired           canceled
      canceled
      succeeded
        capture_reversed  requires_capture
      """;

  @Test
  void everyStatusAndEventLeadsWhereItShouldOrNowhere() {
    Map<String, String> expected = expected();
    for (PaymentStatus from : PaymentStatus.values()) {
      for (PaymentEvent event : PaymentEvent.values()) {
        String pair = from.wire() + " " + event.name().toLowerCase(Locale.ROOT);
        assertThat(Transitions.next(from, event).map(PaymentStatus::wire).orElse("impossible"))
            .as(pair)
            .isEqualTo(expected.getOrDefault(pair, "impossible"));
      }
    }
    assertThat(Transitions.TABLE).hasSize(expected.size());
  }

  @Test
  void noStatusAndEventStandTwiceInTheTable() {
    Set<String> pairs = new HashSet<>();
    for (Transition line : Transitions.TABLE) {
      assertThat(pairs.add(line.from() + " " + line.event())).as(line.toString()).isTrue();
    }
  }

  @Test
  void everyStatusCanBeReachedFromANewPayment() {
    assertThat(reachable(PaymentStatus.REQUIRES_PAYMENT_METHOD))
        .containsExactlyInAnyOrder(PaymentStatus.values());
  }

  @Test
  void everyEventCanHappen() {
    Set<PaymentEvent> events = EnumSet.noneOf(PaymentEvent.class);
    Transitions.TABLE.forEach(line -> events.add(line.event()));
    assertThat(events).containsExactlyInAnyOrder(PaymentEvent.values());
  }

  @Test
  void canceledIsFinalAndSucceededUnlessThePspTakesItsWordBack() {
    for (PaymentEvent event : PaymentEvent.values()) {
      assertThat(Transitions.next(PaymentStatus.CANCELED, event)).isEmpty();
      if (event != PaymentEvent.CAPTURE_REVERSED) {
        assertThat(Transitions.next(PaymentStatus.SUCCEEDED, event)).isEmpty();
      }
    }
  }

  @Test
  void everyOtherStatusCanStillEnd() {
    for (PaymentStatus status : PaymentStatus.values()) {
      assertThat(reachable(status)).containsAnyOf(PaymentStatus.CANCELED, PaymentStatus.SUCCEEDED);
    }
  }

  @Test
  void whatBeginsAnOperationAlwaysLeadsToProcessing() {
    for (Transition line : Transitions.TABLE) {
      if (line.event().name().endsWith("_BEGUN")) {
        assertThat(line.to()).as(line.toString()).isEqualTo(PaymentStatus.PROCESSING);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // from, what a stale or second report would do
    "SUCCEEDED, DECLINED",
    "SUCCEEDED, AUTHORIZED",
    "REQUIRES_CAPTURE, AUTHORIZED",
    "REQUIRES_CAPTURE, ACTION_REQUIRED",
    "CANCELED, CAPTURED",
    "PROCESSING, CANCELED",
    "PROCESSING, AUTHORIZE_BEGUN",
    "PROCESSING, VOID_BEGUN",
  })
  void requireRefusesTheImpossible(PaymentStatus from, PaymentEvent event) {
    assertThatThrownBy(() -> Transitions.require(from, event))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(from.wire())
        .hasMessageContaining(event.name());
  }

  private static Map<String, String> expected() {
    var expected = new HashMap<String, String>();
    String from = "";
    for (String line : EXPECTED.lines().toList()) {
      if (!line.startsWith(" ")) {
        from = line;
        continue;
      }
      String[] words = line.strip().split("\\s+");
      expected.put(from + " " + words[0], words[1]);
    }
    return expected;
  }

  private static Set<PaymentStatus> reachable(PaymentStatus start) {
    var reached = EnumSet.of(start);
    var open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      PaymentStatus from = open.pop();
      for (Transition line : Transitions.TABLE) {
        if (line.from() == from && reached.add(line.to())) {
          open.push(line.to());
        }
      }
    }
    return reached;
  }
}
