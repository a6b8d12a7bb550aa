package flows;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import payments.PaymentMethod;
import payments.Refusal;
import payments.RequestContext;
import psp.CardVault;
import psp.CardVault.VaultResult;

/** Which PSP account keeps a card. */
final class Vaults {
  private final Services services;
  private final TokenHome tokenHome;

  Vaults(Services services) {
    this.services = services;
    this.tokenHome = new TokenHome(services);
  }

  /** A card's place: an account that keeps cards, and the token it knows this one by. */
  record Place(String accountId, CardVault vault, String token) {}

  /** The account that new cards of a merchant go to. */
  Optional<String> routed(RequestContext context) {
    return services.router().home(context.merchantId(), context.livemode());
  }

  /** The place of a token that is new to us, at its account. */
  Optional<Place> ofToken(RequestContext context, String token) {
    return tokenHome.of(context, token).flatMap(account -> place(account, token));
  }

  /** The place of a known payment method: at the routed account, else wherever it is known. */
  Optional<Place> of(RequestContext context, PaymentMethod method) {
    return routed(context)
        .flatMap(account -> place(account, method.tokens().get(account)))
        .or(
            () ->
                method.tokens().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .flatMap(entry -> place(entry.getKey(), entry.getValue()).stream())
                    .findFirst());
  }

  private Optional<Place> place(String accountId, @Nullable String token) {
    return token == null
        ? Optional.empty()
        : services.psps().vault(accountId).map(vault -> new Place(accountId, vault, token));
  }

  /** What a vault gave, or the refusal that tells why it did not. */
  static <T> T require(VaultResult<T> result, Refused missing) {
    return switch (result) {
      case VaultResult.Done<T> done -> done.value();
      case VaultResult.Refused<T> refused -> throw new Refused(Refusal.declined(refused.decline()));
      case VaultResult.NotFound<T> ignored -> throw missing;
      case VaultResult.Unavailable<T> ignored -> throw unavailable();
    };
  }

  static Refused unavailable() {
    return new Refused(
        Refusal.of(
            Refusal.Code.UNAVAILABLE,
            "The payment provider did not answer in time. Try again in a moment, with the same"
                + " Idempotency-Key."));
  }

  static Refused missing(Refusal.Code code, String id) {
    return new Refused(Refusal.of(code, "No such PaymentMethod: '" + id + "'", "payment_method"));
  }
}
