package app.development;

import app.Gateway;
import config.DevelopmentSecrets;

/** What development mode tells whoever started it. */
final class Banner {
  private Banner() {}

  static String text(Development development, Gateway gateway) {
    return """

    Sluice is running in development mode. Ctrl-C stops it; data stays in %s.

      API           http://127.0.0.1:%d
      Management    http://127.0.0.1:%d
      PSP webhooks  http://127.0.0.1:%d/webhooks/stripe/stripe_demo
      PSP simulator http://127.0.0.1:%d
      Database      %s (user sluice_app, password %s)
      Kafka         %s (topic %s: every change of a payment, docs/events.md)

      Secret key       %s
      Publishable key  %s

    Take a payment:

      curl http://127.0.0.1:%d/v1/payment_intents -u %s: -d amount=2000 -d currency=eur -d confirm=true -d payment_method=pm_card_visa -d return_url=https://example.com/return

    """
        .formatted(
            development.settings().development().dataDirectory(),
            gateway.apiPort(),
            gateway.opsPort(),
            gateway.webhookPort(),
            development.simulatorPort(),
            development.settings().database().url(),
            DevelopmentSecrets.DATABASE_PASSWORD,
            development.settings().kafka().bootstrapServers(),
            development.settings().kafka().topic(),
            DevelopmentSecrets.SECRET_KEY,
            DevelopmentSecrets.PUBLISHABLE_KEY,
            gateway.apiPort(),
            DevelopmentSecrets.SECRET_KEY);
  }
}
