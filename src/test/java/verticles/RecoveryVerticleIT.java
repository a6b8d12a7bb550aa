package verticles;

import org.junit.jupiter.api.Test;
import support.Await;
import support.TestGateway;

/** What recovery does beside settling operations. */
final class RecoveryVerticleIT {
  @Test
  void letsGoOfIdempotencyKeysAfterThirtyDays() {
    try (var gateway = TestGateway.start()) {
      gateway
          .database()
          .execute(
              """
              INSERT INTO idempotency_key (merchant_id, livemode, key, path, fingerprint, request_id, actor, publishable, expand,
                answer_status, answer_body, created_at)
              SELECT 'acct_test', false, age, '/p', 'f', 'r', 'a', false, '', 200, 'body', now() - age::interval
              FROM unnest(ARRAY['29 days', '31 days']) age
              """);
      gateway.restart();
      Await.until(
          "the old key is gone",
          () -> gateway.number("SELECT count(*) FROM idempotency_key WHERE key = '31 days'") == 0);
      Await.until(
          "the younger one stays",
          () -> gateway.number("SELECT count(*) FROM idempotency_key WHERE key = '29 days'") == 1);
    }
  }
}
