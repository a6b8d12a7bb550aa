package psp.stripe;

import com.stripe.exception.StripeException;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.StripeCollection;
import com.stripe.model.StripeObject;
import com.stripe.net.StripeResponse;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.PaymentIntentSearchParams;
import com.stripe.param.RefundListParams;
import com.stripe.service.V1Services;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.CardVault;
import psp.Psp;
import psp.PspAccount;
import psp.PspCall;
import psp.PspCommand;
import psp.PspResult;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;
import psp.PspWebhooks;
import psp.Sending;

/** One Stripe account as a PSP, through stripe-java on virtual threads. */
public final class StripePsp implements Psp {
  /** Stripe may forget a key after this (Stripe API: "Idempotent requests"). */
  private static final Duration IDEMPOTENCY_LIFETIME = Duration.ofHours(24);

  private static final int MAX_REFUND_PAGES = 10;

  private static final Pattern TOKEN = Pattern.compile("[a-z]+_[A-Za-z0-9_]+");

  private final String accountId;
  private final StripeConnection connection;
  private final PspWebhooks webhooks;
  private final V1Services client;

  public StripePsp(Vertx vertx, StripeSettings settings) {
    accountId = settings.accountId();
    connection = new StripeConnection(vertx, settings);
    client = connection.services();
    webhooks = new StripeWebhooks(settings.webhooks(), new StripeFacts(connection::read));
  }

  /** This account with its vault and its webhooks, without limits yet. */
  public PspAccount account() {
    return new PspAccount(accountId, this, vault(), webhooks);
  }

  /** The account's cards on file, over the same connections. */
  public CardVault vault() {
    return new StripeVault(connection);
  }

  /**
   * Stripe's tokens are names with what they are in front, such as {@code pm_} and {@code tok_}.
   */
  @Override
  public boolean recognizes(String token) {
    return TOKEN.matcher(token).matches();
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return StripeCalls.of(command);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    return connection.run(
        () -> sendNow(sending), () -> PspResult.notSent(sending, "too many calls to this account"));
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    return connection.run(
        () -> lookupNow(sending),
        () -> new Unknown(UnknownReason.NOT_ASKED, "too many calls to this account"));
  }

  /** Stripe finishes by itself before it sends the customer to the return_url. */
  @Override
  public boolean authorizesOnlyByOurWord() {
    return false;
  }

  @Override
  public Duration idempotencyLifetime() {
    return IDEMPOTENCY_LIFETIME;
  }

  /** Closes the connections; calls under way end as unknown. */
  public Future<Void> close() {
    return connection.close();
  }

  private PspResult sendNow(Sending sending) {
    PspCall call = sending.call();
    if (!call.method().equals("POST")) {
      throw new IllegalArgumentException("not a call of this adapter: " + call.method());
    }
    StripeResponse response;
    try {
      response = connection.post(call.path(), call.body(), sending.idempotencyKey());
    } catch (StripeException e) {
      return StripeMapping.ofFailure(sending, e);
    } catch (RuntimeException e) {
      // stripe-java could not take in an answer; what it was answering may well be done.
      return garbled(e);
    }
    return ofAnswer(sending, response);
  }

  private PspResult ofAnswer(Sending sending, StripeResponse response) {
    try {
      StripeObject object = connection.read(response);
      boolean refund = sending.kind() == OperationKind.REFUND;
      if (refund && object instanceof Refund made) {
        return StripeMapping.ofRefund(made);
      }
      if (!refund && object instanceof PaymentIntent intent) {
        return StripeMapping.ofIntent(sending.kind(), intent);
      }
      return StripeMapping.garbled("an answer of another sort");
    } catch (StripeException | RuntimeException e) {
      return garbled(e);
    }
  }

  private PspResult lookupNow(Sending sending) {
    try {
      return switch (sending.kind()) {
        case AUTHORIZE, COMPLETE_AUTHENTICATION ->
            sending.reference() == null
                ? searchIntent(sending)
                : StripeMapping.ofIntent(sending.kind(), intent(sending.reference()));
        case CAPTURE, VOID ->
            StripeMapping.ofIntent(sending.kind(), intent(intentOf(sending.call())));
        case REFUND ->
            sending.reference() == null
                ? searchRefund(sending)
                : StripeMapping.ofRefund(client.refunds().retrieve(sending.reference()));
      };
    } catch (StripeException e) {
      return StripeMapping.ofFailedLookup(e);
    } catch (RuntimeException e) {
      return garbled(e);
    }
  }

  private PaymentIntent intent(String reference) throws StripeException {
    return client
        .paymentIntents()
        .retrieve(
            reference,
            PaymentIntentRetrieveParams.builder().addExpand(StripeCalls.LATEST_CHARGE).build());
  }

  /** Stripe's search trails its writes by up to a minute, so finding nothing proves nothing. */
  private PspResult searchIntent(Sending sending) throws StripeException {
    String query =
        "metadata['" + StripeCalls.OPERATION_ID + "']:'" + quoted(sending.operationId()) + "'";
    List<PaymentIntent> intents =
        client
            .paymentIntents()
            .search(
                PaymentIntentSearchParams.builder()
                    .setQuery(query)
                    .addExpand("data." + StripeCalls.LATEST_CHARGE)
                    .build())
            .getData();
    if (intents == null) {
      return StripeMapping.garbled("no search result in the answer");
    }
    List<PaymentIntent> ours =
        intents.stream()
            .filter(intent -> carries(intent.getMetadata(), intent.getCreated(), sending))
            .toList();
    return switch (ours.size()) {
      case 0 -> new Unknown(UnknownReason.NOT_FOUND, "no intent carries the operation");
      case 1 -> StripeMapping.ofIntent(sending.kind(), ours.getFirst());
      default -> StripeMapping.unreadable(ours.size() + " intents carry the operation");
    };
  }

  private PspResult searchRefund(Sending sending) throws StripeException {
    String intent =
        formValue(sending.call().body(), "payment_intent")
            .orElseThrow(() -> new IllegalArgumentException("a refund call without an intent"));
    var params = RefundListParams.builder().setPaymentIntent(intent).setLimit(100L);
    for (int page = 0; page < MAX_REFUND_PAGES; page++) {
      StripeCollection<Refund> found = client.refunds().list(params.build());
      if (found.getData() == null) {
        return StripeMapping.garbled("no list of refunds in the answer");
      }
      for (Refund refund : found.getData()) {
        if (carries(refund.getMetadata(), refund.getCreated(), sending)) {
          return StripeMapping.ofRefund(refund);
        }
      }
      if (!Boolean.TRUE.equals(found.getHasMore()) || found.getData().isEmpty()) {
        return new Unknown(UnknownReason.NOT_FOUND, "no refund carries the operation");
      }
      params.setStartingAfter(found.getData().getLast().getId());
    }
    return StripeMapping.unreadable("too many refunds to look through");
  }

  /**
   * Whether an object is this operation's. A merchant may use a key again once nobody remembers it,
   * and the reference is made from the key: what was made before Stripe could remember this
   * sending's key is of an earlier operation.
   */
  private static boolean carries(
      @Nullable Map<String, String> metadata, @Nullable Long createdSeconds, Sending sending) {
    long oldest = sending.begunAt().minus(IDEMPOTENCY_LIFETIME).getEpochSecond();
    return metadata != null
        && sending.operationId().equals(metadata.get(StripeCalls.OPERATION_ID))
        && createdSeconds != null
        && createdSeconds >= oldest;
  }

  /** The intent a capture or cancel call names in its path. */
  private static String intentOf(PspCall call) {
    String prefix = StripeCalls.INTENTS + "/";
    int end = call.path().lastIndexOf('/');
    if (!call.path().startsWith(prefix) || end < prefix.length()) {
      throw new IllegalArgumentException("a call that names no intent: " + call.path());
    }
    return decoded(call.path().substring(prefix.length(), end));
  }

  private static Optional<String> formValue(String form, String name) {
    for (String pair : form.split("&")) {
      if (pair.startsWith(name + "=")) {
        return Optional.of(decoded(pair.substring(name.length() + 1)));
      }
    }
    return Optional.empty();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  /** The exception's text may quote the answer, and with it secrets, so only its name is kept. */
  private static Unknown garbled(Exception e) {
    return StripeMapping.garbled("unreadable answer: " + e.getClass().getSimpleName());
  }
}
