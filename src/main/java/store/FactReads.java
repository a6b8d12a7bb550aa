package store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import money.Money;
import org.jspecify.annotations.Nullable;
import payments.CaptureMethod;
import payments.DisputeStatus;
import payments.OperationKind;
import payments.OperationStatus;
import payments.PaymentStatus;
import store.Standing.DisputePart;
import store.Standing.OperationPart;
import store.Standing.PaymentPart;

/**
 * Finds what PSPs tell of among our payments: many facts in one statement, each with how matters
 * stand at that moment.
 */
public final class FactReads {
  private record Asked(int place, Question question) {}

  static final Columns<Asked> LOOK_COLUMNS =
      new Columns<Asked>()
          .integer("n", Asked::place)
          .text("merchant_id", row -> row.question.merchantId())
          .text("account", row -> row.question.accountId())
          .text("kind", row -> row.question.about().kind)
          .text("key", row -> row.question.operationKey())
          .text("reference", row -> row.question.reference())
          .text("charge_reference", row -> row.question.chargeReference())
          .bool("ids_change", row -> row.question.idsChange());

  /**
   * By the PSP's id of the object first: it is the object's own, and where the object carries our
   * key, too, an operation of another key is not what it is about. By our key only where no id is
   * known yet, since a merchant may use an idempotency key again when nobody remembers it any more,
   * and what was made under it long ago must not be taken for what is under way now. A capture that
   * we had closed and that was made all the same has a row of its own, which our key does not name:
   * its failure is about that.
   *
   * <p>Where a PSP may authorize under another id than it had challenged the customer under, an
   * authorization that has not succeeded is found by our key whatever id is known of it: what
   * carries our key is of that key's operation, unless the id is another operation's, which
   * contradicts it. Elsewhere it may be the merchant's own, made with a copy of what ours shows. A
   * second success under one key matches nothing where the first is the charge's, and a person
   * looks. Every table is reached by its keys, one row at a time; ordered by the id itself, the
   * planner would rather read all of a merchant's operations in the order of their key than sort
   * the few that fit.
   */
  static final String LOOK =
      """
      SELECT i.n, %s, %s, %s, %s,
        p.payment_id, p.livemode, p.status, p.version, p.sequence, p.amount, p.currency, p.capture_method, p.authorized,
        p.captured, p.latest_charge, d.dispute_id, d.status AS d_status, d.amount AS d_amount, d.currency AS d_currency,
        t.transfer_id IS NOT NULL AS charge_reversed
      FROM %s
      LEFT JOIN LATERAL (
        SELECT f.* FROM (
          (SELECT 1 AS place, e.* FROM operation e
           WHERE e.merchant_id = i.merchant_id AND e.psp_reference = i.reference AND e.psp_account_id = i.account
             AND e.kind = i.kind AND (i.key IS NULL OR e.psp_idempotency_key = i.key
               OR (e.kind = 'capture' AND e.psp_idempotency_key = 'at-psp:' || i.reference))
           ORDER BY e.operation_id::text DESC LIMIT 1)
          UNION ALL
          (SELECT 2 AS place, e.* FROM operation e
           WHERE e.merchant_id = i.merchant_id AND e.psp_idempotency_key = i.key AND e.psp_account_id = i.account
             AND e.kind = i.kind AND (e.psp_reference IS NULL OR (i.ids_change AND e.kind = 'authorize'
               AND e.status <> 'succeeded' AND NOT EXISTS (SELECT FROM operation b WHERE b.merchant_id = i.merchant_id
                 AND b.psp_reference = i.reference AND b.psp_account_id = i.account AND b.kind = i.kind)))
           ORDER BY e.operation_id::text DESC LIMIT 1)) f
        ORDER BY f.place LIMIT 1) o ON true
      LEFT JOIN LATERAL (
        SELECT e.* FROM operation e
        WHERE o.operation_id IS NULL AND e.merchant_id = i.merchant_id AND e.psp_reference = i.charge_reference
          AND e.psp_account_id = i.account AND e.kind = 'authorize'
        ORDER BY e.operation_id::text DESC LIMIT 1) c ON true
      LEFT JOIN LATERAL (
        SELECT e.* FROM payment e
        WHERE e.merchant_id = i.merchant_id AND e.payment_id = coalesce(o.payment_id, c.payment_id) LIMIT 1) p ON true
      LEFT JOIN LATERAL (
        SELECT e.* FROM operation e
        WHERE e.merchant_id = p.merchant_id AND e.payment_id = p.payment_id AND e.kind <> 'refund' AND NOT e.gives_back
          AND e.status IN ('pending', 'unknown', 'accepted') AND e.kind <> 'authorize'
        LIMIT 1) x ON true
      LEFT JOIN LATERAL (
        SELECT e.* FROM operation e
        WHERE (coalesce(c.status, o.status) <> 'succeeded' OR p.status = 'canceled')
          AND e.merchant_id = p.merchant_id AND e.payment_id = p.payment_id AND e.gives_back
          AND e.charge_id = coalesce(c.operation_id, o.operation_id)
          AND NOT (e.status = 'failed' AND e.parameters @> '{"in_case": true}')
        ORDER BY e.kind = 'refund' DESC, e.operation_id::text LIMIT 1) g ON true
      LEFT JOIN LATERAL (
        SELECT e.* FROM dispute e
        WHERE i.kind = 'dispute' AND e.merchant_id = i.merchant_id AND e.psp_account_id = i.account
          AND e.psp_reference = i.reference LIMIT 1) d ON true
      LEFT JOIN LATERAL (
        SELECT e.transfer_id FROM ledger_transfer e
        WHERE i.kind = 'capture' AND e.merchant_id = i.merchant_id AND e.operation_id = c.operation_id
          AND e.rule = 'capture_reversed' LIMIT 1) t ON true
      """
          .formatted(part("o"), part("c"), part("x"), part("g"), LOOK_COLUMNS.unnest());

  private final Database database;
  private final Batcher<Single, Standing> singles;

  /**
   * Looks of one context.
   *
   * @param batches opened for batches, so that no plan scans a table
   */
  public FactReads(
      Context context, Database batches, Batcher.Limits limits, Batcher.BatchObserver observer) {
    this.database = batches;
    singles = new Batcher<>(context, limits, row -> row, row -> row, this::lookAll, observer);
  }

  /** A question that is asked by itself; two of the same words are two. */
  private static final class Single {
    private final Question question;

    Single(Question question) {
      this.question = question;
    }
  }

  /** What sort of object a PSP tells of. */
  public enum About {
    AUTHORIZATION("authorize"),
    CAPTURE("capture"),
    VOID("void"),
    REFUND("refund"),
    DISPUTE("dispute");

    private final String kind;

    About(String kind) {
      this.kind = kind;
    }
  }

  /**
   * What to look for.
   *
   * @param operationKey our key, where the PSP's object carries it
   * @param reference the PSP's id of the object
   * @param chargeReference the PSP's id of the authorization that the object is about, for a refund
   *     or a dispute
   * @param idsChange whether the PSP may authorize under another id than it had challenged under
   */
  public record Question(
      String merchantId,
      String accountId,
      About about,
      @Nullable String operationKey,
      String reference,
      @Nullable String chargeReference,
      boolean idsChange) {}

  /** How matters stand with this one, looked at together with whatever else is asked meanwhile. */
  public Future<Standing> look(Question question) {
    return singles.submit(new Single(question)).map(Optional::orElseThrow);
  }

  private Future<Map<Object, Standing>> lookAll(List<Single> rows) {
    return look(rows.stream().map(row -> row.question).toList())
        .map(
            standings -> {
              var found = new HashMap<Object, Standing>();
              for (int at = 0; at < rows.size(); at++) {
                found.put(rows.get(at), standings.get(at));
              }
              return found;
            });
  }

  /** How matters stand with each of these, in their order. */
  public Future<List<Standing>> look(List<Question> questions) {
    if (questions.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<Asked> asked =
        IntStream.range(0, questions.size())
            .mapToObj(place -> new Asked(place, questions.get(place)))
            .toList();
    return database
        .query(LOOK, LOOK_COLUMNS.tuple(asked))
        .map(
            rows -> {
              var found = new Standing[asked.size()];
              rows.forEach(row -> found[row.getInteger("n")] = standing(row));
              return new ArrayList<>(Arrays.asList(found));
            });
  }

  private static String part(String alias) {
    return """
    %1$s.operation_id AS %1$s_id, %1$s.kind AS %1$s_kind, %1$s.status AS %1$s_status, %1$s.attempts AS %1$s_attempts,
    %1$s.amount AS %1$s_amount, %1$s.currency AS %1$s_currency, %1$s.psp_reference AS %1$s_reference,
    %1$s.psp_charge_reference AS %1$s_charge_reference, %1$s.charge_id AS %1$s_charge, %1$s.gives_back AS %1$s_gives_back, %1$s.held_reason AS %1$s_held,
    (%1$s.parameters ->> 'takes_at_once')::boolean AS %1$s_takes, %1$s.parameters @> '{"in_case": true}' AS %1$s_in_case,
    (%1$s.parameters ->> 'reverses')::boolean AS %1$s_reverses\
    """
        .formatted(alias);
  }

  private static Standing standing(Row row) {
    return new Standing(
        operation(row, "o"),
        operation(row, "c"),
        payment(row),
        operation(row, "x"),
        operation(row, "g"),
        dispute(row));
  }

  private static @Nullable OperationPart operation(Row row, String alias) {
    UUID id = row.getUUID(alias + "_id");
    return id == null
        ? null
        : new OperationPart(
            id,
            OperationKind.ofWire(row.getString(alias + "_kind")),
            OperationStatus.ofWire(row.getString(alias + "_status")),
            row.getInteger(alias + "_attempts"),
            Money.of(row.getLong(alias + "_amount"), row.getString(alias + "_currency")),
            row.getString(alias + "_reference"),
            row.getString(alias + "_charge_reference"),
            row.getUUID(alias + "_charge"),
            row.getBoolean(alias + "_gives_back"),
            row.getString(alias + "_held"),
            row.getBoolean(alias + "_takes"),
            row.getBoolean(alias + "_in_case"),
            row.getBoolean(alias + "_reverses"));
  }

  private static @Nullable PaymentPart payment(Row row) {
    UUID id = row.getUUID("payment_id");
    return id == null
        ? null
        : new PaymentPart(
            id,
            row.getBoolean("livemode"),
            PaymentStatus.ofWire(row.getString("status")),
            row.getLong("version"),
            row.getLong("sequence"),
            Money.of(row.getLong("amount"), row.getString("currency")),
            CaptureMethod.ofWire(row.getString("capture_method")),
            row.getLong("authorized"),
            row.getLong("captured"),
            row.getUUID("latest_charge"),
            row.getBoolean("charge_reversed"));
  }

  private static @Nullable DisputePart dispute(Row row) {
    UUID id = row.getUUID("dispute_id");
    return id == null
        ? null
        : new DisputePart(
            id,
            DisputeStatus.ofWire(row.getString("d_status")),
            Money.of(row.getLong("d_amount"), row.getString("d_currency")));
  }
}
