package e2e;

import config.DataMode;
import config.PspAccountSettings;
import config.PspKind;
import config.Secret;
import java.net.URI;

/** PSP accounts at the simulator, whose address takes the place of theirs. */
final class AtSimulator {
  private AtSimulator() {}

  /** An account that hears of no webhook. */
  static PspAccountSettings account(String id, PspKind psp, String key, int priority) {
    return new PspAccountSettings(
        id,
        psp,
        DataMode.TEST,
        URI.create("http://127.0.0.1:1"),
        new Secret(key),
        psp == PspKind.ADYEN ? "SluiceTest" : null,
        null,
        null,
        priority,
        100);
  }
}
