package inbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is in hand is bounded, of one account too. */
final class HandTest {
  private final Hand hand = new Hand(16);

  @Test
  void anEventIsTakenOnce() {
    assertThat(hand.take("a", "slow", 0)).isTrue();
    assertThat(hand.take("a", "slow", 0)).isFalse();
    assertThat(hand.names()).containsExactly("a");
    hand.release("a");
    hand.release("a");
    assertThat(hand.isEmpty()).isTrue();
    assertThat(hand.take("a", "slow", 0)).isTrue();
  }

  @Test
  void oneAccountLeavesRoomForOthers() {
    int taken = 0;
    while (hand.take("slow " + taken, "slow", 0)) {
      taken++;
    }
    assertThat(taken).isEqualTo(14);
    assertThat(hand.accountsWithTheirShare()).containsExactly("slow");
    assertThat(hand.room()).isEqualTo(2);
    assertThat(hand.take("another", "another", 0)).isTrue();
    hand.release("slow 0");
    assertThat(hand.accountsWithTheirShare()).isEmpty();
    assertThat(hand.take("slow 14", "slow", 0)).isTrue();
  }

  @Test
  void looksForWhatFitsWhoseverItIs() {
    assertThat(hand.toLookFor()).isEqualTo(14);
    for (int at = 0; at < 9; at++) {
      hand.take("busy " + at, "busy", 0);
    }
    hand.take("another", "another", 0);
    assertThat(hand.toLookFor()).isEqualTo(5);
    for (int at = 9; at < 14; at++) {
      hand.take("busy " + at, "busy", 0);
    }
    assertThat(hand.toLookFor()).as("for others").isEqualTo(1);
    hand.release("busy 3");
    assertThat(hand.toLookFor()).isEqualTo(1);
  }

  @Test
  void whatStaysTooLongIsLetGoOf() {
    hand.take("old", "slow", 0);
    hand.take("young", "slow", 5);
    hand.releaseOlder(10, 7);
    assertThat(hand.names()).containsExactly("young");
  }

  @Test
  void whatIsInLineStaysUntilItsTurnHasTakenTooLong() {
    hand.take("a", "slow", 0);
    hand.waits("a");
    hand.releaseOlder(100, 7);
    assertThat(hand.names()).containsExactly("a");
    hand.begins("a", 100);
    hand.releaseOlder(105, 7);
    assertThat(hand.names()).containsExactly("a");
    hand.releaseOlder(108, 7);
    assertThat(hand.isEmpty()).isTrue();
  }

  @Test
  void aSmallHandIsWhollyEachAccounts() {
    var small = new Hand(1);
    assertThat(small.take("a", "slow", 0)).isTrue();
    assertThat(small.room()).isZero();
  }
}
