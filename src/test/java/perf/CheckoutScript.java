package perf;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statements that a checkout makes, as a script for pgbench: what the gateway sends PostgreSQL
 * is read from PostgreSQL's own log, and every id in it gets a number that no other run of the
 * script has. So the script is the store's as it is, whatever becomes of it.
 */
final class CheckoutScript {
  /** An entry's first line; the further ones begin with a tab. */
  private static final Pattern ENTRY =
      Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\d [^\\[\\n]*\\[(\\d+)] (\\w+):  ");

  private static final Pattern EXECUTE = Pattern.compile("execute [^:]*: (.*)", Pattern.DOTALL);
  private static final Pattern PARAMETER =
      Pattern.compile("\\$(\\d+) = (?:'((?:[^']|'')*+)'|(NULL))", Pattern.DOTALL);
  private static final Pattern PLACE = Pattern.compile("\\$(\\d+)");

  /** The last twelve digits of a UUID and of a public id, which the number takes the place of. */
  private static final Pattern ID =
      Pattern.compile(
          "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-)[0-9a-f]{12}"
              + "|\\b((?:pi|ch|pm|py|txn|key|evt)_[0-9A-Za-z]{4,20})[0-9A-Za-z]{12}\\b");

  private CheckoutScript() {}

  /** One entry of PostgreSQL's log. */
  private record Entry(String process, String severity, String text) {}

  /**
   * Makes one checkout with PostgreSQL's log on and writes the script.
   *
   * @param checkout makes it; its answer is there when it returns
   * @param mark stands in the parameters of each of its statements, or the payment's id does
   */
  static Path write(Bench bench, Runnable checkout, String mark) throws Exception {
    Path log = bench.directory().resolve("postgres.log");
    long before = Files.size(log);
    logAll(bench, "all");
    checkout.run();
    logAll(bench, "none");
    String payment = bench.text("SELECT payment_id FROM payment ORDER BY payment_id DESC LIMIT 1");
    byte[] all = Files.readAllBytes(log);
    String text = new String(all, (int) before, all.length - (int) before, StandardCharsets.UTF_8);
    var script = new StringBuilder();
    // As many clients as there are take numbers side by side, as a gateway's nodes would.
    script.append("\\set at :at + 1\n\\set number 100000000000 + :at * 1000 + :client_id\n");
    var ids = new HashMap<String, String>();
    int statements = 0;
    @Nullable Entry last = null;
    for (Entry entry : entries(text)) {
      if (entry.severity.equals("DETAIL")
          && last != null
          && last.process.equals(entry.process)
          && (entry.text.contains(mark) || entry.text.contains(payment))) {
        Matcher execute = EXECUTE.matcher(last.text);
        if (execute.matches()) {
          script.append(filled(execute.group(1), parameters(entry.text, ids))).append(";\n");
          statements++;
        }
      }
      last = entry;
    }
    if (statements == 0) {
      throw new IllegalStateException("no statement of the checkout is in " + log);
    }
    Path file = bench.directory().resolve("checkout.sql");
    Files.writeString(file, script);
    System.out.printf("a checkout is %d statements%n", statements);
    return file;
  }

  /**
   * A connection that sees the setting was let in after PostgreSQL had told its sessions of it, and
   * they take it up before their next statement.
   */
  private static void logAll(Bench bench, String which) throws Exception {
    bench.execute("ALTER SYSTEM SET log_statement = '" + which + "'");
    bench.execute("SELECT pg_reload_conf()");
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!bench.text("SHOW log_statement").equals(which)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("PostgreSQL does not take up log_statement");
      }
    }
  }

  private static List<Entry> entries(String log) {
    var entries = new ArrayList<Entry>();
    Matcher heads = ENTRY.matcher(log);
    int textFrom = -1;
    String process = "";
    String severity = "";
    while (heads.find()) {
      if (textFrom >= 0) {
        entries.add(entry(process, severity, log.substring(textFrom, heads.start())));
      }
      process = heads.group(1);
      severity = heads.group(2);
      textFrom = heads.end();
    }
    if (textFrom >= 0) {
      entries.add(entry(process, severity, log.substring(textFrom)));
    }
    return entries;
  }

  private static Entry entry(String process, String severity, String text) {
    return new Entry(process, severity, text.replace("\n\t", "\n").strip());
  }

  /**
   * The statement with what stood in its places, and nothing that pgbench would take for its own.
   */
  private static String filled(String sql, Map<Integer, String> parameters) {
    return PLACE
        .matcher(sql)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    Objects.requireNonNull(parameters.get(Integer.valueOf(place.group(1))))));
  }

  private static Map<Integer, String> parameters(String detail, Map<String, String> ids) {
    var parameters = new HashMap<Integer, String>();
    Matcher all = PARAMETER.matcher(detail);
    while (all.find()) {
      String value = all.group(2);
      parameters.put(
          Integer.valueOf(all.group(1)),
          value == null ? "NULL" : literal(value.replace("''", "'"), ids));
    }
    return parameters;
  }

  /**
   * A value as SQL.
   *
   * @param ids the ids met so far by what is left of them, so that no two become one
   */
  private static String literal(String value, Map<String, String> ids) {
    var sql = new StringBuilder("(");
    Matcher all = ID.matcher(value);
    int from = 0;
    while (all.find()) {
      String left = all.group(1) != null ? all.group(1) : all.group(2);
      String before = ids.putIfAbsent(left, all.group());
      if (before != null && !before.equals(all.group())) {
        throw new IllegalStateException(before + " and " + all.group() + " begin alike");
      }
      sql.append(quoted(value.substring(from, all.start()) + left)).append(" || :number || ");
      from = all.end();
    }
    return sql.append(quoted(value.substring(from))).append(")").toString();
  }

  private static String quoted(String text) {
    return "E'"
        + text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a").replace("\n", "\\n")
        + "'";
  }
}
