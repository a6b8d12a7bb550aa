package psp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A PSP whose answers a test gives, or holds back until it completes {@link #held}. It sends no
 * webhooks.
 */
public final class ScriptedPsp implements Psp, CardVault, PspWebhooks {
  public Function<Sending, Future<PspResult>> answer = sending -> hold();
  public final List<Promise<PspResult>> held = new ArrayList<>();
  public int sends;
  public int lookups;

  private Future<PspResult> hold() {
    Promise<PspResult> promise = Promise.promise();
    held.add(promise);
    return promise.future();
  }

  public void answers(PspResult result) {
    answer = sending -> Future.succeededFuture(result);
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return new PspCall("POST", "/scripted", command.operationId());
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    sends++;
    return answer.apply(sending);
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    lookups++;
    return answer.apply(sending);
  }

  @Override
  public boolean authorizesOnlyByOurWord() {
    return true;
  }

  @Override
  public Duration idempotencyLifetime() {
    return Duration.ofHours(1);
  }

  @Override
  public Future<VaultResult<CardOnFile>> retrieve(String token) {
    return hold().map(result -> new VaultResult.NotFound<>());
  }

  @Override
  public Future<VaultResult<String>> createCustomer(
      String customerId, Map<String, Object> parameters, String idempotencyKey) {
    return Future.succeededFuture(new VaultResult.Done<>("cus_" + customerId));
  }

  @Override
  public Future<VaultResult<CardOnFile>> attach(
      String token, String customerReference, String idempotencyKey) {
    return Future.succeededFuture(new VaultResult.NotFound<>());
  }

  @Override
  public Future<VaultResult<CardOnFile>> detach(String token, String idempotencyKey) {
    return Future.succeededFuture(new VaultResult.NotFound<>());
  }

  @Override
  public Check check(Function<String, @Nullable String> header, Buffer body, Instant now) {
    return new Refused(Refused.Why.NO_SECRET, "scripted");
  }

  @Override
  public Acknowledgement acknowledgement() {
    return new Acknowledgement("text/plain", "scripted");
  }

  @Override
  public PspFact read(String type, String body) {
    return new PspFact.Irrelevant("scripted");
  }
}
