package routes.api;

/** The version of Stripe's API whose objects are rendered. */
public final class ApiVersion {
  /** The version stripe-java is pinned to; what a merchant asks for is accepted and ignored. */
  public static final String PINNED = "2026-07-29.dahlia";

  private ApiVersion() {}
}
