package scenarios;

/** PSP's webhooks alone: each is answered when it is durable. A user sends two. */
public final class WebhookStorm extends Load {
  private final TakenPayments payments = new TakenPayments();

  public WebhookStorm() {
    run(Webhooks.about(payments), "1s");
  }

  @Override
  public void before() {
    payments.take(true);
  }
}
