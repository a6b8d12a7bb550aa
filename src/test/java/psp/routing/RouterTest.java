package psp.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import psp.routing.Router.Account;

/** Which PSP account takes a payment. */
class RouterTest {
  private static final boolean LIVE = true;
  private static final boolean TEST = false;

  @Test
  void theMerchantsFirstAccountByPriorityTakesIt() {
    var router =
        new Router(
            List.of(
                new Account("acme", "second", TEST, 20),
                new Account("acme", "first", TEST, 10),
                new Account("acme", "third", TEST, 30)));

    assertThat(chosen(router, "acme", TEST)).isEqualTo("first");
  }

  @Test
  void equalPrioritiesGoByNameSoThatEveryNodeChoosesTheSame() {
    var a = new Account("acme", "a", TEST, 1);
    var b = new Account("acme", "b", TEST, 1);

    assertThat(chosen(new Router(List.of(a, b)), "acme", TEST)).isEqualTo("a");
    assertThat(chosen(new Router(List.of(b, a)), "acme", TEST)).isEqualTo("a");
  }

  @Test
  void testPaymentsNeverReachALiveAccount() {
    var router =
        new Router(
            List.of(new Account("acme", "live", LIVE, 1), new Account("acme", "test", TEST, 2)));

    assertThat(chosen(router, "acme", TEST)).isEqualTo("test");
    assertThat(chosen(router, "acme", LIVE)).isEqualTo("live");
    assertThat(new Router(List.of(new Account("acme", "live", LIVE, 1))).choose("acme", TEST))
        .isEmpty();
  }

  @Test
  void anotherMerchantsAccountIsNeverUsed() {
    var router = new Router(List.of(new Account("acme", "a", TEST, 1)));

    assertThat(router.choose("other", TEST)).isEmpty();
    assertThat(router.choose("ACME", TEST)).isEmpty();
  }

  @Test
  void theChoiceSaysWhy() {
    var router = new Router(List.of(new Account("acme", "a", TEST, 7)));

    assertThat(router.choose("acme", TEST).orElseThrow().reason()).contains("priority 7");
  }

  private static String chosen(Router router, String merchant, boolean livemode) {
    return router.choose(merchant, livemode).orElseThrow().accountId();
  }
}
