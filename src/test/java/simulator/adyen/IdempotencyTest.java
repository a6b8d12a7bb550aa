package simulator.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import simulator.Await;
import simulator.CallMatch;
import simulator.Caller.Reply;
import simulator.Fault;
import simulator.Operation;
import simulator.SimulatorExtension;

/** One idempotency key is one effect and one answer. */
class IdempotencyTest {
  @RegisterExtension static final SimulatorExtension SIMULATOR = new SimulatorExtension();

  private final Shop shop = new Shop(SIMULATOR);

  private static int charges() {
    return SIMULATOR.simulator().truth().charges().size();
  }

  @Test
  void aRepeatHasTheFirstAnswer() {
    Reply first = shop.post(Shop.PAYMENTS, "key-1", Shop.payment());
    Reply second = shop.post(Shop.PAYMENTS, "key-1", Shop.payment());

    assertThat(first.header("idempotency-key")).isEqualTo("key-1");
    assertThat(second.header("idempotency-key")).isEqualTo("key-1");
    assertThat(second.header("pspReference")).isEqualTo(first.header("pspReference"));
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(charges()).isEqualTo(1);
  }

  @Test
  void aModificationHasOneEffectToo() {
    String payment = shop.captured(Shop.payment());
    String path = Shop.PAYMENTS + "/" + payment + "/refunds";

    Reply first = shop.post(path, "key-1", Shop.modification(100));
    Reply second = shop.post(path, "key-1", Shop.modification(100));

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(SIMULATOR.simulator().truth().refunds()).hasSize(1);
  }

  @Test
  void withoutAKeyEachRequestIsItsOwn() {
    assertThat(shop.post(Shop.PAYMENTS, Shop.payment()).header("idempotency-key")).isNull();
    shop.post(Shop.PAYMENTS, Shop.payment());

    assertThat(charges()).isEqualTo(2);
  }

  @Test
  void anotherRequestUnderTheKeyIsRefusedForGood() {
    shop.post(Shop.PAYMENTS, "key-1", Shop.payment());

    Reply other =
        shop.post(Shop.PAYMENTS, "key-1", Shop.payment().put("amount", Shop.amount(2000)));

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().getString("errorCode")).isEqualTo("704");
    assertThat(other.header("transient-error")).isEqualTo("false");
    assertThat(charges()).isEqualTo(1);
  }

  @Test
  void aRepeatWhileTheFirstIsUnderWayIsToComeLater() throws Exception {
    SIMULATOR.simulator().faults().next(CallMatch.of(Operation.AUTHORIZE), Fault.hang());
    CompletableFuture<HttpResponse<String>> first =
        shop.postLater(Shop.PAYMENTS, "key-1", Shop.payment());
    Await.until(() -> SIMULATOR.simulator().faults().hanging() == 1);

    Reply second = shop.post(Shop.PAYMENTS, "key-1", Shop.payment());
    SIMULATOR.simulator().faults().release();

    assertThat(second.status()).isEqualTo(422);
    assertThat(second.json().getString("errorCode")).isEqualTo("704");
    assertThat(second.header("transient-error")).isEqualTo("true");
    assertThat(first.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(charges()).isEqualTo(1);
  }

  @Test
  void aRefusedRequestIsNotRemembered() {
    Reply wrong = shop.post(Shop.PAYMENTS, "key-1", Shop.payment().put("fraudOffset", "x"));
    Reply right = shop.post(Shop.PAYMENTS, "key-1", Shop.payment());

    assertThat(wrong.status()).isEqualTo(400);
    assertThat(right.status()).isEqualTo(200);
  }

  @Test
  void aKeyHasUpTo64Characters() {
    assertThat(shop.post(Shop.PAYMENTS, "k".repeat(64), Shop.payment()).status()).isEqualTo(200);
    assertThat(shop.post(Shop.PAYMENTS, "k".repeat(65), Shop.payment()).status()).isEqualTo(400);
  }

  @Test
  void accountsHaveTheirOwnKeys() {
    shop.post(Shop.PAYMENTS, "key-1", Shop.payment());
    new Shop(SIMULATOR.simulator().baseUrl(), "adyen_test_other")
        .post(Shop.PAYMENTS, "key-1", Shop.payment());

    assertThat(charges()).isEqualTo(2);
  }
}
