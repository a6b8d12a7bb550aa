package scenarios;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The scenarios by the names under which they are run, with what each needs beside the API. */
enum Catalogue {
  CHECKOUT("Checkout"),
  TWO_STEP("TwoStep"),
  AUTHORIZE_CAPTURE_REFUND("AuthorizeCaptureRefund"),
  READS_AND_LISTS("ReadsAndLists"),
  WEBHOOK_STORM("WebhookStorm"),
  MIXED_DAY("MixedDay"),
  DECLINES("Declines"),
  SLOW_PSP("SlowPsp"),
  FAILING_PSP("FailingPsp");

  /** What must be reachable beside the API. */
  enum Need {
    WEBHOOKS,
    OPS,
    SIMULATOR
  }

  private final String className;

  Catalogue(String className) {
    this.className = className;
  }

  static Optional<Catalogue> named(String name) {
    return Arrays.stream(values()).filter(each -> each.toString().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(Catalogue::toString).collect(Collectors.joining(", "));
  }

  /** The simulation's class. */
  String className() {
    return Catalogue.class.getPackageName() + "." + className;
  }

  boolean needs(Need what) {
    return switch (what) {
      case WEBHOOKS, OPS -> this == WEBHOOK_STORM || this == MIXED_DAY;
      case SIMULATOR -> this == SLOW_PSP || this == FAILING_PSP;
    };
  }

  /** As in {@code run two-step}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
