package routes.ops;

import io.vertx.core.json.JsonObject;
import payments.Operation;
import payments.PublicId;

/** An operation as operators see it everywhere: what it is, where, and how it stands. */
final class OperationJson {
  private OperationJson() {}

  static JsonObject of(Operation operation) {
    return new JsonObject()
        .put("operation", PublicId.digits(operation.id()))
        .put("kind", operation.kind().wire())
        .put("status", operation.status().wire())
        .put("amount", operation.amount().minor())
        .put("currency", operation.amount().currency().code())
        .put("psp_account", operation.pspAccountId())
        .put("psp_reference", operation.pspReference())
        .put("psp_idempotency_key", operation.pspIdempotencyKey())
        .put("attempts", operation.attempts())
        .put("gives_back", operation.givesBack())
        .put("held_reason", operation.heldReason())
        .put("created", operation.createdAt().toString())
        .put("updated", operation.updatedAt().toString());
  }
}
