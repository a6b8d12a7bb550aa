package app.development;

import config.MerchantSettings;
import config.PspAccountSettings;
import config.Secret;
import config.Settings;
import java.net.URI;
import java.util.Locale;
import simulator.Simulator;

/** Tells the simulator where the gateway takes its webhooks. */
public final class SimulatorWebhooks {
  private SimulatorWebhooks() {}

  /**
   * Sends the events of every PSP account that has a webhook secret to the gateway's port for them.
   * The gateway need not listen yet: the simulator repeats what is not taken.
   */
  public static void connect(Simulator simulator, Settings settings, int port) {
    for (MerchantSettings merchant : settings.merchants()) {
      for (PspAccountSettings account : merchant.pspAccounts()) {
        Secret secret = account.webhookSecret();
        if (secret != null) {
          simulator
              .webhooks()
              .sendTo(account.secretKey().value(), address(account, port), secret.value());
        }
      }
    }
  }

  private static URI address(PspAccountSettings account, int port) {
    String psp = account.psp().name().toLowerCase(Locale.ROOT);
    return URI.create("http://127.0.0.1:" + port + "/webhooks/" + psp + "/" + account.id());
  }
}
