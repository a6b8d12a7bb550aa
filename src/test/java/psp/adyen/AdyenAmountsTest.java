package psp.adyen;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdyenAmountsTest {
  /** One whole unit of some currencies with us, and at Adyen. */
  @ParameterizedTest
  @CsvSource({
    "100, eur, EUR, 100",
    "1, jpy, JPY, 1",
    "1000, kwd, KWD, 1000",
    "100, isk, ISK, 100",
    "1, clp, CLP, 100",
    "100, cve, CVE, 1",
    "100, idr, IDR, 1",
    "100, ugx, UGX, 1",
  })
  void aWholeUnitIsOneThereToo(long ours, String currency, String theirCode, long theirs) {
    JsonObject there = new JsonObject().put("currency", theirCode).put("value", theirs);
    assertThat(AdyenAmounts.of(Money.of(ours, currency))).contains(there);
    assertThat(AdyenAmounts.read(there)).contains(Money.of(ours, currency));
  }

  @Test
  void whatTheOtherSideCannotCountIsNoAmount() {
    assertThat(AdyenAmounts.of(Money.of(150, "idr"))).isEmpty();
    assertThat(AdyenAmounts.read(new JsonObject().put("currency", "CLP").put("value", 150)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{'currency':'EUR'}",
        "{'currency':'XXX','value':1}",
        "{'currency':1,'value':1}",
        "{'currency':'EUR','value':'1'}",
        "{'currency':'EUR','value':1.5}",
      })
  void whatIsNoAmountIsNotRead(String text) {
    assertThat(AdyenAmounts.read(new JsonObject(text.replace('\'', '"')))).isEmpty();
    assertThat(AdyenAmounts.read(null)).isEmpty();
  }
}
