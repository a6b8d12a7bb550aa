package inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is in hand is bounded, of one PSP and of one account too. */
final class HandTest {
  private static final Map<String, String> PSPS =
      Map.of("one", "slow psp", "two", "slow psp", "three", "slow psp", "quick", "quick psp");

  private final Hand hand = new Hand(16, PSPS);

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
  void oneAccountLeavesRoomForOthersOfItsPsp() {
    assertThat(takeAll("one")).isEqualTo(13);
    assertThat(hand.accountsWithTheirShare()).containsExactly("one");
    assertThat(hand.room()).isEqualTo(3);
    assertThat(hand.take("another", "two", 0)).isTrue();
    hand.release("one 0");
    assertThat(hand.accountsWithTheirShare()).isEmpty();
    assertThat(hand.take("one 13", "one", 0)).isTrue();
  }

  @Test
  void theAccountsOfOnePspTogetherLeaveRoomForOtherPsps() {
    int taken = 0;
    while (hand.take("slow " + taken, taken % 2 == 0 ? "one" : "two", 0)) {
      taken++;
    }
    assertThat(taken).isEqualTo(14);
    assertThat(hand.accountsWithTheirShare())
        .as("also the one of which none is in hand")
        .containsExactlyInAnyOrder("one", "two", "three");
    assertThat(hand.take("third", "three", 0)).isFalse();
    assertThat(hand.take("another", "quick", 0)).isTrue();
    hand.release("slow 0");
    assertThat(hand.accountsWithTheirShare()).isEmpty();
    assertThat(hand.take("third", "three", 0)).isTrue();
  }

  @Test
  void anAccountOfNoKnownPspLeavesRoomForOthers() {
    assertThat(takeAll("not configured")).isEqualTo(13);
    assertThat(hand.accountsWithTheirShare()).containsExactly("not configured");
    assertThat(hand.take("another", "quick", 0)).isTrue();
  }

  @Test
  void looksForWhatFitsWhoseverItIs() {
    assertThat(hand.toLookFor()).isEqualTo(13);
    take("one", 0, 9);
    hand.take("another", "quick", 0);
    assertThat(hand.toLookFor()).as("as many as one account may have").isEqualTo(4);
    take("two", 0, 3);
    assertThat(hand.toLookFor()).as("as many as its PSP may have").isEqualTo(2);
    take("two", 3, 5);
    assertThat(hand.toLookFor()).as("for others").isEqualTo(1);
    hand.release("one 3");
    assertThat(hand.toLookFor()).isEqualTo(1);
  }

  private int takeAll(String account) {
    int taken = 0;
    while (hand.take(account + " " + taken, account, 0)) {
      taken++;
    }
    return taken;
  }

  private void take(String account, int from, int to) {
    for (int at = from; at < to; at++) {
      hand.take(account + " " + at, account, 0);
    }
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
    var small = new Hand(1, PSPS);
    assertThat(small.take("a", "slow", 0)).isTrue();
    assertThat(small.room()).isZero();
  }
}
