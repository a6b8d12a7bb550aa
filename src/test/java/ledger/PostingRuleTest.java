package ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import money.Money;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The posting rules: which accounts each fact moves money between, and that nothing is lost. */
class PostingRuleTest {
  private static final UUID ID = new UUID(1, 1);
  private static final UUID OPERATION = new UUID(1, 2);

  @ParameterizedTest
  @CsvSource({
    // rule, arrives on, leaves
    "CAPTURE, psp_receivable:stripe_demo, merchant_payable",
    "REFUND, merchant_payable, psp_receivable:stripe_demo",
    "LATE_CAPTURE, psp_receivable:stripe_demo, suspense:stripe_demo",
    "SUSPENSE_RETURNED, suspense:stripe_demo, psp_receivable:stripe_demo",
    "REFUND_REVERSED, psp_receivable:stripe_demo, merchant_payable",
    "SUSPENSE_RETURN_REVERSED, psp_receivable:stripe_demo, suspense:stripe_demo",
    "CAPTURE_REVERSED, merchant_payable, psp_receivable:stripe_demo",
    "DISPUTE_OPENED, dispute_reserve, psp_receivable:stripe_demo",
    "DISPUTE_WON, psp_receivable:stripe_demo, dispute_reserve",
    "DISPUTE_LOST, merchant_payable, dispute_reserve",
    "SUSPENSE_DISPUTE_LOST, suspense:stripe_demo, dispute_reserve",
  })
  void eachRuleMovesMoneyBetweenItsTwoAccounts(PostingRule rule, String debit, String credit) {
    Money amount = Money.of(1099, "usd");

    assertThat(rule.transfer(ID, OPERATION, "stripe_demo", amount))
        .isEqualTo(new Transfer(ID, debit, credit, amount, OPERATION, rule));
  }

  @Test
  void everyRuleHasAStoredNameOfItsOwn() {
    assertThat(Arrays.stream(PostingRule.values()).map(PostingRule::wire))
        .containsExactly(
            "capture",
            "capture_reversed",
            "refund",
            "late_capture",
            "suspense_returned",
            "refund_reversed",
            "suspense_return_reversed",
            "dispute_opened",
            "dispute_won",
            "dispute_lost",
            "suspense_dispute_lost");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void refusesToMoveNothingOrLess(long minor) {
    for (PostingRule rule : PostingRule.values()) {
      assertThatThrownBy(() -> rule.transfer(ID, OPERATION, "stripe_demo", Money.of(minor, "usd")))
          .hasMessageContaining("positive amount");
    }
  }

  @Test
  void refusesToMoveMoneyFromAnAccountToItself() {
    assertThatThrownBy(
            () ->
                new Transfer(
                    ID,
                    "merchant_payable",
                    "merchant_payable",
                    Money.of(1, "usd"),
                    OPERATION,
                    PostingRule.CAPTURE))
        .hasMessageContaining("two accounts");
  }

  @ParameterizedTest
  @EnumSource(PostingRule.class)
  void moneyOfTwoPspAccountsIsNeverMixed(PostingRule rule) {
    Transfer here = rule.transfer(ID, OPERATION, "here", Money.of(1, "usd"));

    for (String account : List.of(here.debit(), here.credit())) {
      assertThat(
              List.of("merchant_payable", "dispute_reserve").contains(account)
                  || account.endsWith(":here"))
          .isTrue();
    }
  }

  /** A money fact as a PSP tells it. */
  record Fact(PostingRule rule, String pspAccount, Money amount) {}

  @Property
  void anyFactsSumToZeroAndLeaveTheBalancesOfANaiveModel(@ForAll("facts") List<Fact> facts) {
    Map<String, BigInteger> balances = new HashMap<>();
    Map<String, BigInteger> model = new HashMap<>();
    List<Transfer> ledger = new ArrayList<>();
    for (Fact fact : facts) {
      ledger.add(fact.rule.transfer(ID, OPERATION, fact.pspAccount, fact.amount));
      model(model, fact);
    }
    for (Transfer row : ledger) {
      add(balances, row.debit(), row.amount(), 1);
      add(balances, row.credit(), row.amount(), -1);
    }

    assertThat(balances).isEqualTo(model);
    for (String currency : List.of("usd", "jpy", "kwd")) {
      assertThat(
              balances.entrySet().stream()
                  .filter(balance -> balance.getKey().endsWith(" " + currency))
                  .map(Map.Entry::getValue)
                  .reduce(BigInteger.ZERO, BigInteger::add))
          .isEqualTo(BigInteger.ZERO);
    }
  }

  /** What each fact means to whom, said a second time: what we are owed counts up. */
  private static void model(Map<String, BigInteger> model, Fact fact) {
    String psp = "psp_receivable:" + fact.pspAccount;
    String suspense = "suspense:" + fact.pspAccount;
    switch (fact.rule) {
      case CAPTURE -> {
        add(model, psp, fact.amount, 1);
        add(model, "merchant_payable", fact.amount, -1);
      }
      case CAPTURE_REVERSED, REFUND -> {
        add(model, psp, fact.amount, -1);
        add(model, "merchant_payable", fact.amount, 1);
      }
      case LATE_CAPTURE -> {
        add(model, psp, fact.amount, 1);
        add(model, suspense, fact.amount, -1);
      }
      case SUSPENSE_RETURNED -> {
        add(model, psp, fact.amount, -1);
        add(model, suspense, fact.amount, 1);
      }
      case REFUND_REVERSED -> {
        add(model, psp, fact.amount, 1);
        add(model, "merchant_payable", fact.amount, -1);
      }
      case SUSPENSE_RETURN_REVERSED -> {
        add(model, psp, fact.amount, 1);
        add(model, suspense, fact.amount, -1);
      }
      case DISPUTE_OPENED -> {
        add(model, psp, fact.amount, -1);
        add(model, "dispute_reserve", fact.amount, 1);
      }
      case DISPUTE_WON -> {
        add(model, psp, fact.amount, 1);
        add(model, "dispute_reserve", fact.amount, -1);
      }
      case DISPUTE_LOST -> {
        add(model, "merchant_payable", fact.amount, 1);
        add(model, "dispute_reserve", fact.amount, -1);
      }
      case SUSPENSE_DISPUTE_LOST -> {
        add(model, suspense, fact.amount, 1);
        add(model, "dispute_reserve", fact.amount, -1);
      }
    }
  }

  private static void add(
      Map<String, BigInteger> balances, String account, Money amount, int sign) {
    balances.merge(
        account + " " + amount.currency(),
        BigInteger.valueOf(amount.minor()).multiply(BigInteger.valueOf(sign)),
        BigInteger::add);
  }

  @Provide
  Arbitrary<List<Fact>> facts() {
    return Combinators.combine(
            Arbitraries.of(PostingRule.class),
            Arbitraries.of("stripe_demo", "adyen_demo"),
            Arbitraries.longs().between(1, Long.MAX_VALUE),
            Arbitraries.of("usd", "jpy", "kwd"))
        .as((rule, account, minor, currency) -> new Fact(rule, account, Money.of(minor, currency)))
        .list()
        .ofMaxSize(50);
  }
}
