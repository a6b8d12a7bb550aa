package routes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import payments.Refusal;
import routes.api.Expansion.Kind;

/** Which paths may be expanded. */
class ExpansionTest {

  @ParameterizedTest
  @CsvSource({
    "PAYMENT_INTENT, false, customer",
    "PAYMENT_INTENT, false, latest_charge.refunds.data.charge",
    "PAYMENT_INTENT, false, latest_charge.payment_intent.latest_charge.customer",
    "PAYMENT_INTENT, false, payment_method.customer",
    "PAYMENT_INTENT, true, data.latest_charge.refunds",
    "CHARGE, false, payment_intent.customer",
    "REFUND, true, data.charge",
    "PAYMENT_METHOD, false, customer",
    "PUBLIC_PAYMENT_INTENT, false, payment_method"
  })
  void follows(Kind kind, boolean list, String path) {
    assertThatCode(() -> Expansion.check(List.of(path), kind, list)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "PAYMENT_INTENT, false, foo",
    "PAYMENT_INTENT, false, customer.foo",
    "PAYMENT_INTENT, false, data.customer",
    "PAYMENT_INTENT, false, review",
    "PAYMENT_INTENT, false, latest_charge.balance_transaction",
    "PAYMENT_INTENT, false, latest_charge.",
    "PAYMENT_INTENT, false, .",
    "PAYMENT_INTENT, false, a.b.c.d.e",
    "PAYMENT_INTENT, false, latest_charge.payment_intent.latest_charge.payment_intent.customer",
    "PAYMENT_INTENT, true, customer",
    "PAYMENT_INTENT, true, data",
    "CUSTOMER, false, default_source",
    "PUBLIC_PAYMENT_INTENT, false, customer",
    "PUBLIC_PAYMENT_INTENT, false, payment_method.customer"
  })
  void refuses(Kind kind, boolean list, String path) {
    Refusal refusal = Refusals.of(() -> Expansion.check(List.of(path), kind, list));
    assertThat(refusal.param()).isEqualTo("expand[0]");
  }
}
