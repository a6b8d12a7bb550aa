package store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import payments.ForcedBreaker;
import payments.OperationKind;
import payments.OperatorOutcome;
import payments.OperatorOutcome.Why;
import payments.OperatorRequest;
import payments.Parameters;
import store.OperatorActions.Effect;

/**
 * The breakers that operators keep open: read by every node, changed with a row in the audit log.
 */
public final class ForcedBreakers {
  /** More than there are accounts and kinds. */
  private static final int MOST = 10_000;

  private static final String ALL =
      """
      SELECT merchant_id, psp_account_id, kind, operator, reason, created_at FROM forced_breaker
      ORDER BY merchant_id, psp_account_id, kind LIMIT
      """
          + MOST;

  private static final String FORCE =
      """
      INSERT INTO forced_breaker (merchant_id, psp_account_id, kind, operator, reason)
      SELECT $1, $2, k.kind, $4, $5 FROM unnest($3::text[]) AS k(kind) ON CONFLICT DO NOTHING RETURNING kind
      """;

  private static final String RELEASE =
      """
      DELETE FROM forced_breaker WHERE psp_account_id = $1 AND kind = ANY ($2) RETURNING kind
      """;

  private final Database database;

  public ForcedBreakers(Database database) {
    this.database = database;
  }

  /** All that are forced open now. */
  public Future<List<ForcedBreaker>> all() {
    return database
        .query(ALL, Tuple.tuple())
        .map(
            rows -> {
              var all = new ArrayList<ForcedBreaker>();
              rows.forEach(row -> all.add(forced(row)));
              return List.copyOf(all);
            });
  }

  /** Forces breakers of an account open, those that are not yet. */
  public Future<OperatorOutcome> force(
      OperatorActions actions,
      OperatorRequest request,
      String merchantId,
      String accountId,
      Collection<OperationKind> kinds) {
    return actions.perform(
        request,
        sql ->
            sql.query(
                    FORCE,
                    Tuple.of(
                        merchantId, accountId, wire(kinds), request.operator(), request.reason()))
                .map(rows -> effect(rows, "they are forced open already")));
  }

  /**
   * Lets breakers of an account go by the PSP's answers again. By the account alone, whose id no
   * other merchant has, as they are read: what was forced while another merchant had the account
   * must not stay.
   */
  public Future<OperatorOutcome> release(
      OperatorActions actions,
      OperatorRequest request,
      String accountId,
      Collection<OperationKind> kinds) {
    return actions.perform(
        request,
        sql ->
            sql.query(RELEASE, Tuple.of(accountId, (Object) wire(kinds)))
                .map(rows -> effect(rows, "they are not forced open")));
  }

  private static Effect effect(RowSet<Row> rows, String nothing) {
    if (rows.size() == 0) {
      return Effect.refused(Why.STATE, nothing);
    }
    List<String> kinds = new ArrayList<>();
    rows.forEach(row -> kinds.add(row.getString("kind")));
    return new Effect.Made(
        new Parameters(Map.of("kinds", kinds.stream().distinct().sorted().toList())));
  }

  private static String[] wire(Collection<OperationKind> kinds) {
    return kinds.stream().map(OperationKind::wire).toArray(String[]::new);
  }

  private static ForcedBreaker forced(Row row) {
    return new ForcedBreaker(
        row.getString("merchant_id"),
        row.getString("psp_account_id"),
        OperationKind.ofWire(row.getString("kind")),
        row.getString("operator"),
        row.getString("reason"),
        Rows.instantOf(row.getOffsetDateTime("created_at")));
  }
}
