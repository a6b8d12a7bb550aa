package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import simulator.Authorization;
import simulator.Receiver;
import simulator.SimulatorExtension;

/** What each acquirer's response code and each holder's name leads to. */
class OutcomesTest {
  private static final Path DECK = Path.of("../shared/decks/adyen-deck.tsv");

  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private final Shop shop = new Shop(SIMULATOR);

  static Stream<Outcome> outcomes() {
    return Outcome.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void isAskedForByTheAcquirersCode(Outcome outcome) {
    JsonObject payment = Shop.payment();
    payment
        .getJsonObject("additionalData")
        .put("RequestedTestAcquirerResponseCode", Integer.toString(outcome.code()));

    assertAnswer(shop.post(Shop.PAYMENTS, payment).json(), outcome);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void isAskedForByTheHoldersName(Outcome outcome) {
    assertAnswer(shop.post(Shop.PAYMENTS, Shop.heldBy(outcome.holderName())).json(), outcome);
  }

  private static void assertAnswer(JsonObject answer, Outcome outcome) {
    assertThat(answer.getString("resultCode")).isEqualTo(outcome.resultCode());
    assertThat(answer.getString("refusalReason")).isEqualTo(outcome.refusalReason());
    assertThat(answer.getString("refusalReasonCode"))
        .isEqualTo(outcome.refusalReason() == null ? null : Integer.toString(outcome.code()));
    assertThat(answer.getString("pspReference")).hasSize(16);
    List<Authorization> charges = SIMULATOR.simulator().truth().account(Shop.KEY).charges();
    if (outcome.resultCode().equals(Outcome.RECEIVED)) {
      assertThat(charges).isEmpty();
    } else {
      assertThat(charges)
          .singleElement()
          .satisfies(
              charge -> {
                assertThat(charge.id()).isEqualTo(answer.getString("pspReference"));
                assertThat(charge.decline()).isEqualTo(outcome.decline());
              });
    }
  }

  /** Every line of the published deck is in our table, and the other way round. */
  @Test
  void areThoseOfTheDeck() throws IOException {
    assumeThat(DECK).exists();
    List<String> deck = new ArrayList<>();
    List<String> later = new ArrayList<>();
    for (String line : Files.readAllLines(DECK)) {
      String[] cells = line.split("\t", -1);
      if (cells[0].matches("\\d+")) {
        deck.add(String.join("|", cells));
      } else if (cells[0].equals("-")) {
        later.add(cells[1]);
      }
    }

    assertThat(
            Outcome.ALL.stream()
                .map(
                    outcome ->
                        outcome.code()
                            + "|"
                            + outcome.holderName()
                            + "|"
                            + outcome.resultCode()
                            + "|"
                            + (outcome.refusalReason() == null ? "-" : outcome.refusalReason())))
        .containsExactlyElementsOf(deck);
    assertThat(later)
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(Aftermath.ofHolder(name).kind()).isNotEqualTo(Aftermath.Kind.NOTHING));
  }

  @Test
  void aPaymentThatWasOnlyReceivedIsAuthorisedLater() throws Exception {
    try (Receiver receiver = new Receiver()) {
      SIMULATOR.simulator().webhooks().sendTo(Shop.KEY, receiver.url(), Notified.KEY);
      String payment =
          shop.post(Shop.PAYMENTS, Shop.heldBy("PENDING")).json().getString("pspReference");
      assertThat(Notified.all(SIMULATOR.simulator(), receiver)).isEmpty();

      SIMULATOR.simulator().settlePending();

      assertThat(Notified.all(SIMULATOR.simulator(), receiver))
          .singleElement()
          .satisfies(
              item -> {
                assertThat(item.eventCode()).isEqualTo("AUTHORISATION");
                assertThat(item.pspReference()).isEqualTo(payment);
                assertThat(item.success()).isTrue();
              });
      assertThat(SIMULATOR.simulator().truth().approved()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"declined", " DECLINED "})
  void namesAreReadWithoutCaseAndSpace(String name) {
    assertThat(shop.post(Shop.PAYMENTS, Shop.heldBy(name)).json().getString("resultCode"))
        .isEqualTo("Refused");
  }
}
