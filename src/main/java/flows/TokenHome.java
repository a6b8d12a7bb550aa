package flows;

import java.util.List;
import java.util.Optional;
import payments.RequestContext;

/**
 * Where a token belongs that a PSP gave the merchant's page: it means something at one account
 * only, the first whose PSP it may be of.
 */
final class TokenHome {
  private final Services services;

  TokenHome(Services services) {
    this.services = services;
  }

  /** Its account; where no PSP knows its like, the first, whose refusal is then the merchant's. */
  Optional<String> of(RequestContext context, String token) {
    List<String> accounts = services.router().accounts(context.merchantId(), context.livemode());
    return accounts.stream()
        .filter(account -> services.psps().psp(account).recognizes(token))
        .findFirst()
        .or(() -> accounts.stream().findFirst());
  }
}
