package simulator.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import simulator.BankResult.Refused;
import simulator.Operation;

/** {@code /v1/payment_intents}. */
final class PaymentIntents {
  private static final Set<String> UNCHARGED =
      Set.of(
          PaymentIntent.REQUIRES_PAYMENT_METHOD,
          PaymentIntent.REQUIRES_CONFIRMATION,
          PaymentIntent.REQUIRES_ACTION);
  private static final Set<String> CANCELABLE =
      with(UNCHARGED, PaymentIntent.REQUIRES_CAPTURE, PaymentIntent.PROCESSING);
  private static final Set<String> CAPTURE_METHODS =
      Set.of("automatic", "automatic_async", "manual");
  private static final Set<String> CANCELLATION_REASONS =
      Set.of("abandoned", "duplicate", "fraudulent", "requested_by_customer");
  private static final Set<String> DESCRIPTION =
      Set.of(
          "amount",
          "application_fee_amount",
          "capture_method",
          "currency",
          "customer",
          "description",
          "excluded_payment_method_types",
          "metadata",
          "payment_details",
          "payment_method",
          "payment_method_data",
          "payment_method_options",
          "payment_method_types",
          "receipt_email",
          "setup_future_usage",
          "shipping",
          "statement_descriptor",
          "statement_descriptor_suffix",
          "transfer_data",
          "transfer_group");
  private static final Set<String> CREATION =
      with(
          DESCRIPTION,
          "automatic_payment_methods",
          "confirm",
          "confirmation_method",
          "error_on_requires_action",
          "mandate_data",
          "off_session",
          "on_behalf_of",
          "radar_options",
          "return_url",
          "use_stripe_sdk");
  private static final Set<String> CONFIRMATION =
      Set.of(
          "capture_method",
          "error_on_requires_action",
          "mandate_data",
          "off_session",
          "payment_method",
          "payment_method_data",
          "payment_method_options",
          "payment_method_types",
          "radar_options",
          "receipt_email",
          "return_url",
          "setup_future_usage",
          "shipping",
          "use_stripe_sdk");
  private static final Set<String> CAPTURE =
      Set.of(
          "amount_to_capture",
          "application_fee_amount",
          "final_capture",
          "metadata",
          "statement_descriptor",
          "statement_descriptor_suffix");
  private static final Set<String> WITH_MINIMUM = Set.of("usd", "eur");
  private static final long LEAST_MINOR = 50;
  private static final long MOST_MINOR = 99_999_999;

  private final StripeWorld world;
  private final Confirmation confirmation;

  PaymentIntents(StripeWorld world, Confirmation confirmation) {
    this.world = world;
    this.confirmation = confirmation;
  }

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  List<Endpoint> endpoints() {
    String one = "payment_intents/*";
    return List.of(
        Endpoint.post("payment_intents", Operation.AUTHORIZE, CREATION, this::create),
        Endpoint.get("payment_intents", Operation.SEARCH, Page.params("customer"), this::list),
        Endpoint.get(
            "payment_intents/search",
            Operation.SEARCH,
            Set.of("query", "limit", "page"),
            this::search),
        Endpoint.get(one, Operation.RETRIEVE, Set.of("client_secret"), this::retrieve),
        Endpoint.post(one, Operation.OTHER, DESCRIPTION, this::update),
        Endpoint.post(one + "/confirm", Operation.AUTHORIZE, CONFIRMATION, this::confirm),
        Endpoint.post(one + "/capture", Operation.CAPTURE, CAPTURE, this::capture),
        Endpoint.post(
            one + "/cancel", Operation.CANCEL, Set.of("cancellation_reason"), this::cancel));
  }

  private JsonObject create(StripeCall call) {
    Params params = call.params();
    Long amount = params.integer("amount");
    if (amount == null) {
      throw StripeError.missing("amount");
    }
    String currency = currency(params.requiredText("currency"));
    checkAmount(amount, currency);
    PaymentIntent intent = new PaymentIntent(call.account().id(), world.now(), amount, currency);
    intent.captureMethod = params.oneOf("capture_method", intent.captureMethod, CAPTURE_METHODS);
    intent.customer = call.account().checkedCustomer(params.text("customer"));
    describe(intent, params);
    PaymentMethod method = confirmation.named(call, intent.customer);
    boolean confirm = params.flag("confirm");
    if (confirm && method == null) {
      throw StripeError.missing("payment_method");
    }
    if (!confirm && params.has("off_session")) {
      throw StripeError.invalid(
          null, "off_session", "off_session can only be passed when confirm is true.");
    }
    if (method != null) {
      intent.paymentMethod = method.id();
      intent.status = PaymentIntent.REQUIRES_CONFIRMATION;
    }
    call.account().save(intent);
    if (confirm && method != null) {
      confirmation.confirm(call, intent, method);
    }
    return render(intent);
  }

  private JsonObject update(StripeCall call) {
    Params params = call.params();
    PaymentIntent intent = call.account().requireIntent(call.id());
    if (params.has("amount") || params.has("currency") || params.has("payment_method")) {
      requireStatus(intent, UNCHARGED, "update");
    }
    Long amount = params.integer("amount");
    String currency =
        params.has("currency") ? currency(params.requiredText("currency")) : intent.currency;
    checkAmount(amount == null ? intent.amountMinor : amount, currency);
    String captureMethod = params.oneOf("capture_method", intent.captureMethod, CAPTURE_METHODS);
    String customer =
        params.has("customer")
            ? call.account().checkedCustomer(params.text("customer"))
            : intent.customer;
    PaymentMethod method = confirmation.named(call, customer);
    describe(intent, params);
    intent.amountMinor = amount == null ? intent.amountMinor : amount;
    intent.currency = currency;
    intent.captureMethod = captureMethod;
    intent.customer = customer;
    if (method != null) {
      intent.paymentMethod = method.id();
      intent.status = PaymentIntent.REQUIRES_CONFIRMATION;
    }
    call.account().save(intent);
    return render(intent);
  }

  private JsonObject confirm(StripeCall call) {
    Params params = call.params();
    PaymentIntent intent = call.account().requireIntent(call.id());
    requireStatus(intent, UNCHARGED, "confirm");
    PaymentMethod method = confirmation.named(call, intent.customer);
    if (method == null) {
      method = call.account().paymentMethod(intent.paymentMethod).orElse(null);
    }
    if (method == null) {
      throw unexpected(
          intent,
          "You cannot confirm this PaymentIntent because it's missing a payment method. Update it"
              + " with one and then confirm again.");
    }
    if (method.consumed()) {
      throw PaymentMethods.usedUp("payment_method");
    }
    intent.captureMethod = params.oneOf("capture_method", intent.captureMethod, CAPTURE_METHODS);
    describe(intent, params);
    confirmation.confirm(call, intent, method);
    return render(intent);
  }

  private JsonObject capture(StripeCall call) {
    PaymentIntent intent = call.account().requireIntent(call.id());
    requireStatus(intent, Set.of(PaymentIntent.REQUIRES_CAPTURE), "capture");
    Long wanted = call.params().integer("amount_to_capture");
    long amount = wanted == null ? intent.amountMinor : wanted;
    if (amount < 1) {
      throw StripeError.invalid(
          "parameter_invalid_integer", "amount_to_capture", "Invalid positive integer: " + amount);
    }
    if (amount > intent.amountMinor) {
      throw StripeError.refused(
          "amount_too_large",
          "amount_to_capture",
          "The amount to capture is greater than the remaining amount you can capture.");
    }
    captured(intent, Math.clamp(amount + call.skewMinor(), 1, intent.amountMinor));
    describe(intent, call.params());
    call.account().save(intent);
    return render(intent);
  }

  /** Takes the money; the intent is yet to be saved. */
  private void captured(PaymentIntent intent, long amountMinor) {
    if (world.bank().capture(intent.account, charge(intent), amountMinor) instanceof Refused<?>) {
      throw new IllegalStateException("an intent and its charge disagree: " + intent.id);
    }
    intent.status = PaymentIntent.SUCCEEDED;
  }

  private JsonObject cancel(StripeCall call) {
    PaymentIntent intent = call.account().requireIntent(call.id());
    requireStatus(intent, CANCELABLE, "cancel");
    String reason = call.params().text("cancellation_reason");
    if (reason != null && !CANCELLATION_REASONS.contains(reason)) {
      throw StripeError.invalid(
          null, "cancellation_reason", "Invalid cancellation_reason: " + reason);
    }
    released(intent);
    canceled(call.account(), intent, reason);
    return render(intent);
  }

  private void canceled(StripeAccount account, PaymentIntent intent, @Nullable String reason) {
    intent.status = PaymentIntent.CANCELED;
    intent.canceledAt = world.now();
    intent.cancellationReason = reason;
    account.save(intent);
  }

  /**
   * Captures in the dashboard.
   *
   * @param amountMinor null for all of it
   */
  void captureOutside(StripeAccount account, PaymentIntent intent, @Nullable Long amountMinor) {
    requireStatus(intent, Set.of(PaymentIntent.REQUIRES_CAPTURE), "capture");
    long amount = amountMinor == null ? intent.amountMinor : amountMinor;
    if (amount < 1 || amount > intent.amountMinor) {
      throw StripeError.refused(
          "amount_too_large", "amount", "There is less, or more, to capture.");
    }
    captured(intent, amount);
    account.save(intent);
  }

  /** Cancels in the dashboard. */
  void cancelOutside(StripeAccount account, PaymentIntent intent) {
    requireStatus(intent, CANCELABLE, "cancel");
    released(intent);
    canceled(account, intent, "requested_by_customer");
  }

  /** Nobody captured in time: the issuer's hold is gone, and the payment with it. */
  void expire(StripeAccount account, PaymentIntent intent) {
    requireStatus(intent, Set.of(PaymentIntent.REQUIRES_CAPTURE), "expire");
    if (world.bank().expire(intent.account, charge(intent)) instanceof Refused<?>) {
      throw new IllegalStateException("an intent and its charge disagree: " + intent.id);
    }
    canceled(account, intent, "automatic");
  }

  private void released(PaymentIntent intent) {
    if (intent.status.equals(PaymentIntent.REQUIRES_CAPTURE)
        && world.bank().release(intent.account, charge(intent)) instanceof Refused<?>) {
      throw new IllegalStateException("an intent and its charge disagree: " + intent.id);
    }
  }

  private JsonObject retrieve(StripeCall call) {
    return render(call.account().requireIntent(call.id()));
  }

  private JsonObject list(StripeCall call) {
    String customer = call.params().text("customer");
    Collection<PaymentIntent> all = call.account().intents();
    return Page.of(
        "/v1/payment_intents",
        call.params(),
        customer == null
            ? all
            : all.stream().filter(intent -> customer.equals(intent.customer)).toList(),
        intent -> intent.id,
        intent -> intent.createdAt,
        this::render);
  }

  /** Searches see objects only after a while; its cursor is the last id shown. */
  private JsonObject search(StripeCall call) {
    SearchQuery query = SearchQuery.parse(call.params().requiredText("query"));
    Instant visible = world.now().minus(world.searchLag());
    int limit = Page.limit(call.params());
    String after = call.params().text("page");
    List<PaymentIntent> found =
        call.account().intents().stream()
            .filter(intent -> !intent.createdAt.isAfter(visible))
            .filter(query::matches)
            .dropWhile(intent -> after != null && !intent.id.equals(after))
            .skip(after == null ? 0 : 1)
            .limit(limit + 1L)
            .toList();
    JsonArray data = new JsonArray();
    found.stream().limit(limit).forEach(intent -> data.add(render(intent)));
    boolean more = found.size() > limit;
    return new JsonObject()
        .put("object", "search_result")
        .put("data", data)
        .put("has_more", more)
        .put("next_page", more ? found.get(limit - 1).id : null)
        .put("url", "/v1/payment_intents/search");
  }

  private static void describe(PaymentIntent intent, Params params) {
    intent.metadata = params.metadata(intent.metadata);
    JsonObject attributes = intent.attributes.copy();
    for (String name : IntentJson.PLAIN) {
      keep(attributes, params, name);
    }
    for (String name :
        List.of(
            "confirmation_method", "payment_method_types", "payment_method_options", "shipping")) {
      keep(attributes, params, name);
    }
    if (attributes.getValue("automatic_payment_methods") instanceof JsonObject automatic) {
      automatic.put("enabled", "true".equals(String.valueOf(automatic.getValue("enabled"))));
    }
    Long fee = params.integer("application_fee_amount");
    if (fee != null) {
      attributes.put("application_fee_amount", fee);
    }
    intent.attributes = attributes;
    if (params.has("return_url")) {
      intent.returnUrl = params.text("return_url");
    }
  }

  private static void keep(JsonObject attributes, Params params, String name) {
    if (params.has(name)) {
      Object value = params.raw(name);
      if ("".equals(value)) {
        attributes.remove(name);
      } else {
        attributes.put(name, value);
      }
    }
  }

  private static String currency(String given) {
    String currency = given.toLowerCase(Locale.ROOT);
    if (currency.length() != 3 || !currency.chars().allMatch(Character::isLetter)) {
      throw StripeError.invalid(null, "currency", "Invalid currency: " + given);
    }
    return currency;
  }

  private static void checkAmount(long amount, String currency) {
    if (amount < 1) {
      throw StripeError.invalid("parameter_invalid_integer", "amount", "Invalid positive integer");
    }
    if (amount > MOST_MINOR) {
      throw StripeError.invalid(
          "amount_too_large", "amount", "Amount must be no more than " + MOST_MINOR);
    }
    long least = currency.equals("gbp") ? 30 : WITH_MINIMUM.contains(currency) ? LEAST_MINOR : 1;
    if (amount < least) {
      throw StripeError.invalid(
          "amount_too_small", "amount", "Amount must be at least " + least + " " + currency);
    }
  }

  private void requireStatus(PaymentIntent intent, Set<String> legal, String verb) {
    if (!legal.contains(intent.status)) {
      throw unexpected(
          intent,
          "You cannot "
              + verb
              + " this PaymentIntent because it has a status of "
              + intent.status
              + ".");
    }
  }

  private StripeError unexpected(PaymentIntent intent, String message) {
    return StripeError.refused("payment_intent_unexpected_state", null, message)
        .with("payment_intent", render(intent));
  }

  private static String charge(PaymentIntent intent) {
    String charge = intent.latestCharge;
    if (charge == null) {
      throw new IllegalStateException("an authorised intent has a charge: " + intent.id);
    }
    return charge;
  }

  private JsonObject render(PaymentIntent intent) {
    return IntentJson.of(world, intent);
  }
}
