package psp;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import psp.PspResult.Unknown;
import psp.PspResult.UnknownReason;

/**
 * Bounds the calls in flight to one PSP account, so that one that hangs cannot take the memory and
 * connections of the others. Sends and look-ups have a limit each.
 */
public final class BulkheadPsp implements Psp {
  private final Psp psp;
  private final CallLimit sends;
  private final CallLimit lookups;

  public BulkheadPsp(Psp psp, BulkheadSettings settings) {
    this.psp = psp;
    sends = new CallLimit(settings.maxSends());
    lookups = new CallLimit(settings.maxLookups());
  }

  @Override
  public PspCall prepare(PspCommand command) {
    return psp.prepare(command);
  }

  @Override
  public Optional<PspCall> kept(PspCall call) {
    return psp.kept(call);
  }

  @Override
  public boolean recognizes(String token) {
    return psp.recognizes(token);
  }

  @Override
  public Optional<String> objection(String token, @Nullable String customerId) {
    return psp.objection(token, customerId);
  }

  @Override
  public Future<PspResult> send(Sending sending) {
    return sends.call(() -> psp.send(sending), () -> PspResult.notSent(sending, "bulkhead full"));
  }

  @Override
  public Future<PspResult> lookup(Sending sending) {
    return lookups.call(
        () -> psp.lookup(sending),
        () -> new Unknown(UnknownReason.NOT_ASKED, "bulkhead of look-ups full"));
  }

  @Override
  public boolean showsState() {
    return psp.showsState();
  }

  @Override
  public boolean authorizesOnlyByOurWord() {
    return psp.authorizesOnlyByOurWord();
  }

  @Override
  public Set<String> returnParameters() {
    return psp.returnParameters();
  }

  @Override
  public Duration idempotencyLifetime() {
    return psp.idempotencyLifetime();
  }

  /** Sends in flight. */
  public int sends() {
    return sends.inUse();
  }

  /** Look-ups in flight. */
  public int lookups() {
    return lookups.inUse();
  }
}
