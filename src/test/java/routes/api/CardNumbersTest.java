package routes.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a card number, and what is not. */
class CardNumbersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4222222222222",
        "5555555555554444",
        "2223003122003222",
        "3782 822463 10005",
        "6011111111111117",
        "3056930009020004",
        "36227206271667",
        "3566002020360505",
        "6200000000000005",
        "my card is 4242424242424242, thanks",
        "card4242424242424242",
        "4242424242424242abc",
        "4242 4242 4242 4242 12 30 123",
        "12 4242 4242 4242 4242",
        "exp 12/30 no. 4000-0000-0000-0002",
        "{\"number\":\"4242424242424242\"}"
      })
  void finds(String text) {
    assertThat(CardNumbers.in(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4242",
        // one digit off: not a valid Luhn digit
        "4242424242424241",
        "order 1234567890123456",
        "1000000000000008",
        "0000000000000000",
        "pi_0123456789abcdefghijkl",
        "+4915112345678",
        "2026-07-29T10:00:00.000000Z",
        "1753800000000",
        "550e8400-e29b-41d4-a716-446655440000",
        // groups 3 to 5 happen to be a valid number, but a UUID is no card
        "aaaaaaaa-bbbb-4242-8242-424242424242",
        "42424242424242424242424242424242",
        "4242_4242_4242_4242"
      })
  void doesNotTake(String text) {
    assertThat(CardNumbers.in(text)).isFalse();
  }
}
