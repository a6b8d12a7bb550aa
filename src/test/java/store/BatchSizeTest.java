package store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A statement that ran out of time is tried with less, until it fits. */
final class BatchSizeTest {
  private final BatchSize size = new BatchSize(500);

  private static StoreException refused(String state) {
    return new StoreException.Refused("refused", state, null, null);
  }

  private static StoreException timeout() {
    return refused("57014");
  }

  @Test
  void halvesAfterATimeoutDownToOne() {
    size.failed(timeout());
    assertThat(size.now()).isEqualTo(250);
    for (int i = 0; i < 20; i++) {
      size.failed(timeout());
    }
    assertThat(size.now()).isEqualTo(1);
  }

  @Test
  void growsBackStepByStepAndNeverOverTheMost() {
    size.failed(timeout());
    size.done();
    assertThat(size.now()).isBetween(251, 499);
    for (int i = 0; i < 20; i++) {
      size.done();
    }
    assertThat(size.now()).isEqualTo(500);
  }

  @Test
  void growsFromOne() {
    var small = new BatchSize(3);
    small.failed(timeout());
    small.failed(timeout());
    small.done();
    assertThat(small.now()).isEqualTo(2);
  }

  @Test
  void staysAfterOtherFailures() {
    size.failed(refused("40P01"));
    size.failed(new StoreException.Unavailable("no connection", null));
    assertThat(size.now()).isEqualTo(500);
  }
}
