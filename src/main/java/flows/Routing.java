package flows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.Operation;
import payments.Parameters;
import payments.Payment;
import payments.PublicId;
import payments.Refusal;
import payments.RequestContext;
import psp.routing.Decision;
import psp.routing.Router;

/** Where a payment goes, and how the decision is kept with its operation. */
final class Routing {
  private final Services services;

  Routing(Services services) {
    this.services = services;
  }

  /** Refuses a merchant without an account for the mode. */
  void requireAccount(RequestContext context) {
    if (services.router().home(context.merchantId(), context.livemode()).isEmpty()) {
      throw new Refused(
          Refusal.of(
              Refusal.Code.PARAMETER_INVALID,
              "This merchant has no payment provider account for "
                  + (context.livemode() ? "live" : "test")
                  + " mode."));
    }
  }

  /**
   * Where a payment that is about to begin goes first. There is an account that knows its means.
   */
  Decision first(RequestContext context, Payment payment, MethodChoice.Means means) {
    Decision decision = services.router().first(question(context, payment, means, Set.of()));
    if (decision.chosen().isEmpty()) {
      throw new IllegalStateException("the method was chosen for one of the accounts");
    }
    return decision;
  }

  /** Where it goes once some have proven that they charged nothing; perhaps nowhere. */
  Decision next(
      RequestContext context, Payment payment, MethodChoice.Means means, Set<String> asked) {
    return services.router().next(question(context, payment, means, asked));
  }

  private static Router.Question question(
      RequestContext context, Payment payment, MethodChoice.Means means, Set<String> asked) {
    return new Router.Question(
        payment.merchantId(),
        payment.livemode(),
        PspKeys.draw(context, payment.id()),
        means.method().tokens().keySet(),
        asked);
  }

  /** The operation a failover comes from, and why another account may try. */
  record From(Operation operation, String why) {}

  /**
   * A decision as it is kept.
   *
   * @param place the how many-th account of its request this is, from 0
   */
  static Parameters kept(Decision decision, int place, @Nullable From from) {
    var kept = new LinkedHashMap<String, Object>();
    kept.put("account", decision.chosen().orElseThrow());
    kept.put("reason", decision.reason());
    kept.put("place", (long) place);
    kept.put("draw", decision.draw());
    if (from != null) {
      kept.put(
          "after",
          Map.of(
              "operation",
              PublicId.digits(from.operation.id()),
              "account",
              from.operation.pspAccountId(),
              "why",
              from.why));
    }
    List<Object> candidates = new ArrayList<>();
    for (Decision.Candidate candidate : decision.candidates()) {
      candidates.add(
          Map.of(
              "account",
              candidate.accountId(),
              "priority",
              (long) candidate.priority(),
              "weight",
              (long) candidate.weight(),
              "breaker",
              lower(candidate.standing()),
              "verdict",
              lower(candidate.verdict()),
              "why",
              candidate.why()));
    }
    kept.put("candidates", candidates);
    return new Parameters(kept);
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(java.util.Locale.ROOT);
  }
}
