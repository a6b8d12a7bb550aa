package psp.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static psp.Results.await;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.DeclineCode;
import payments.OperationKind;
import psp.CardVault.CardOnFile;
import psp.CardVault.VaultResult;
import psp.PspCommand;
import psp.PspResult;
import psp.PspResult.ActionRequired;
import psp.PspResult.Approved;
import psp.PspResult.Declined;
import psp.Results;
import psp.Sending;
import simulator.CallMatch;
import simulator.Fault;
import simulator.Simulator;
import simulator.SimulatorOptions;

/** The adapter and the simulator, which share no code, check each other. */
final class StripeSimulatorTest {
  private static final Money AMOUNT = Money.of(1099, "usd");

  private final Vertx vertx = Vertx.vertx();
  private final Simulator simulator = await(Simulator.start(vertx, SimulatorOptions.defaults()));
  private final StripePsp psp =
      new StripePsp(
          vertx,
          new StripeSettings(
              "stripe_test",
              URI.create(simulator.baseUrl()),
              "sk_test_adapter",
              Duration.ofSeconds(10),
              Duration.ofSeconds(30),
              4,
              4,
              StripeFixture.WEBHOOKS));
  private int keys;

  @AfterEach
  void stop() {
    await(psp.close());
    await(simulator.close());
    await(vertx.close());
  }

  @Test
  void takesMoneyOnceHoweverOftenItIsSent() {
    Sending sending = sending(OperationKind.AUTHORIZE, authorize("pm_card_visa", true), "op_1");
    PspResult first = await(psp.send(sending));
    assertThat(first)
        .isInstanceOfSatisfying(
            Approved.class,
            approved -> {
              assertThat(approved.amount()).isEqualTo(AMOUNT);
              assertThat(approved.captured()).isTrue();
              assertThat(approved.chargeReference()).startsWith("ch_");
              assertThat(approved.details().card()).isNotNull();
              assertThat(approved.details().outcome().networkStatus())
                  .isEqualTo("approved_by_network");
            });
    assertThat(await(psp.send(sending))).isEqualTo(first);
    assertThat(await(psp.lookup(sending))).isEqualTo(first);
    assertThat(simulator.truth().approved()).hasSize(1);
  }

  @Test
  void aLostAnswerIsUnknownAndARepeatTellsTheTruth() {
    simulator.faults().next(CallMatch.any(), Fault.answerLost());
    Sending sending = sending(OperationKind.AUTHORIZE, authorize("pm_card_visa", true), "op_1");
    assertThat(Results.reason(await(psp.send(sending))))
        .isEqualTo(PspResult.UnknownReason.CONNECTION_LOST);
    assertThat(await(psp.send(sending))).isInstanceOf(Approved.class);
    assertThat(simulator.truth().approved()).hasSize(1);
  }

  @Test
  void aDeclineWhoseAnswerIsKeptAsAServerErrorIsFoundByALookUp() {
    simulator.faults().next(CallMatch.any(), Fault.serverErrorAfterEffectKept(500));
    Sending sending =
        sending(
            OperationKind.AUTHORIZE,
            authorize("pm_card_chargeDeclinedProcessingError", true),
            "op_1");
    assertThat(Results.reason(await(psp.send(sending))))
        .isEqualTo(PspResult.UnknownReason.PSP_ERROR);
    assertThat(await(psp.lookup(sending))).isInstanceOf(Declined.class);
  }

  @Test
  void holdsCapturesAPartAndRefundsIt() {
    Approved held = hold();
    assertThat(held.captured()).isFalse();
    Sending capture =
        sending(
            OperationKind.CAPTURE,
            new PspCommand.Capture("op_2", held.reference(), AMOUNT.withMinor(700)),
            "op_2");
    assertThat(Results.reason(await(psp.lookup(capture))))
        .isEqualTo(PspResult.UnknownReason.NOT_FOUND);
    assertThat(await(psp.send(capture)))
        .isInstanceOfSatisfying(
            Approved.class,
            captured -> assertThat(captured.amount()).isEqualTo(AMOUNT.withMinor(700)));
    assertThat(await(psp.lookup(capture))).isInstanceOf(Approved.class);

    Sending refund =
        sending(
            OperationKind.REFUND,
            new PspCommand.Refund(
                "op_3", held.reference(), AMOUNT.withMinor(300), "requested_by_customer"),
            "op_3");
    PspResult refunded = await(psp.send(refund));
    assertThat(refunded)
        .isInstanceOfSatisfying(
            Approved.class, made -> assertThat(made.amount()).isEqualTo(AMOUNT.withMinor(300)));
    assertThat(await(psp.lookup(refund))).isEqualTo(refunded);
    Sending tooMuch =
        sending(
            OperationKind.REFUND,
            new PspCommand.Refund("op_4", held.reference(), AMOUNT.withMinor(401), null),
            "op_4");
    assertThat(await(psp.send(tooMuch)))
        .isInstanceOfSatisfying(
            Declined.class, declined -> assertThat(declined.decline().param()).isEqualTo("amount"));
  }

  @Test
  void letsGoOfAHoldAndTakesASecondVoidForDone() {
    Approved held = hold();
    var command = new PspCommand.VoidHold("op_2", held.reference(), "abandoned");
    assertThat(await(psp.send(sending(OperationKind.VOID, command, "op_2"))))
        .isInstanceOf(Approved.class);
    assertThat(await(psp.send(sending(OperationKind.VOID, command, "op_3"))))
        .isInstanceOf(Approved.class);
    var capture = new PspCommand.Capture("op_4", held.reference(), AMOUNT);
    assertThat(await(psp.send(sending(OperationKind.CAPTURE, capture, "op_4"))))
        .isInstanceOf(Declined.class);
  }

  @ParameterizedTest
  @CsvSource({
    "pm_card_chargeDeclined, GENERIC_DECLINE",
    "pm_card_chargeDeclinedInsufficientFunds, INSUFFICIENT_FUNDS",
    "pm_card_chargeDeclinedLostCard, LOST_CARD",
    "pm_card_chargeDeclinedExpiredCard, EXPIRED_CARD",
    "pm_card_chargeDeclinedIncorrectCvc, INCORRECT_CVC",
    "pm_card_chargeDeclinedProcessingError, PROCESSING_ERROR"
  })
  void readsDeclinesAndFindsThemAgain(String token, DeclineCode code) {
    Sending sending = sending(OperationKind.AUTHORIZE, authorize(token, true), "op_1");
    for (PspResult result :
        new PspResult[] {await(psp.send(sending)), await(psp.lookup(sending))}) {
      assertThat(result)
          .isInstanceOfSatisfying(
              Declined.class,
              declined -> {
                assertThat(declined.decline().code()).isEqualTo(code);
                assertThat(declined.chargeReference()).startsWith("ch_");
                assertThat(declined.details().card()).isNotNull();
              });
    }
  }

  @Test
  void sendsACustomerToAuthenticate() {
    Sending sending =
        sending(OperationKind.AUTHORIZE, authorize("pm_card_authenticationRequired", true), "op_1");
    assertThat(await(psp.send(sending))).isInstanceOf(ActionRequired.class);
  }

  @Test
  void keepsACard() {
    var vault = psp.vault();
    VaultResult<String> customer =
        await(vault.createCustomer("cus_ours", Map.of("name", "Ann"), "key-c"));
    assertThat(customer).isInstanceOf(VaultResult.Done.class);
    String reference = ((VaultResult.Done<String>) customer).value();
    VaultResult<CardOnFile> card = await(vault.attach("pm_card_visa", reference, "key-a"));
    assertThat(card)
        .isInstanceOfSatisfying(
            VaultResult.Done.class,
            done -> assertThat(done.value()).isInstanceOf(CardOnFile.class));
    assertThat(await(vault.retrieve("pm_no_such"))).isInstanceOf(VaultResult.NotFound.class);
  }

  private Approved hold() {
    PspResult result =
        await(psp.send(sending(OperationKind.AUTHORIZE, authorize("pm_card_visa", false), "op_1")));
    assertThat(result).isInstanceOf(Approved.class);
    return (Approved) result;
  }

  private Sending sending(OperationKind kind, PspCommand command, String operationId) {
    keys++;
    return new Sending(
        "stripe_test",
        kind,
        operationId,
        AMOUNT,
        psp.prepare(command),
        "key-" + keys,
        null,
        1,
        java.time.Instant.now());
  }

  private static PspCommand authorize(String token, boolean capture) {
    return new PspCommand.Authorize(
        "op_1",
        AMOUNT,
        capture,
        token,
        null,
        null,
        false,
        false,
        null,
        null,
        null,
        null,
        null,
        null,
        "https://shop.test/back",
        Map.of(),
        Map.of());
  }
}
