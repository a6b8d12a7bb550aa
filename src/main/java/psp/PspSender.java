package psp;

import io.vertx.core.Future;

/** How the core reaches PSP accounts, wherever they run: by the account a sending names. */
public interface PspSender {
  Future<PspResult> send(Sending sending);

  Future<PspResult> lookup(Sending sending);
}
