package chaos;

/** What happens in a storm. */
enum Mishap {
  /** SIGKILL, and another life. */
  NODE_KILLED(Where.MACHINES, "a node killed (SIGKILL) and started again"),
  ALL_NODES_KILLED(Where.MACHINES, "all nodes killed at once and started again"),
  /** SIGSTOP and SIGCONT: what it had under way goes on as if no time had passed. */
  NODE_ASLEEP(Where.MACHINES, "a node stopped for seconds (SIGSTOP) and let go on (SIGCONT)"),
  NODE_DRAINED(Where.MACHINES, "a node ended by SIGTERM and started again"),
  DATABASE_RESTARTED(Where.MACHINES, "PostgreSQL restarted (fast shutdown)"),
  DATABASE_CRASHED(Where.MACHINES, "PostgreSQL crashed (immediate shutdown) and recovered"),
  BACKENDS_KILLED(Where.MACHINES, "all PostgreSQL sessions of the gateway terminated"),
  CONNECTIONS_CUT(Where.MACHINES, "database connections cut after any number of bytes, either way"),
  COMMITS_UNHEARD(Where.MACHINES, "answers of the database lost after it did what it was told"),
  DISK_FULL(Where.MACHINES, "half of all writes refused with 53100 (disk full)"),
  CLOCK_JUMPS(Where.MACHINES, "a node's clock off by minutes for a time, either way"),
  KAFKA_KILLED(Where.SURROUNDINGS, "Kafka killed (SIGKILL) and started again"),
  PSPS_FAIL(
      Where.SURROUNDINGS,
      "PSPs slow, hanging, resetting, with 5xx, 429, 409 and rubbish, before and after the effect"),
  PSPS_REFUSE(Where.SURROUNDINGS, "PSPs take no connections"),
  ENDPOINT_FAILS(Where.SURROUNDINGS, "the merchant's endpoint fails now and then");

  /** Of each place one thing happens at a time. */
  enum Where {
    MACHINES,
    SURROUNDINGS
  }

  private final Where where;
  private final String text;

  Mishap(Where where, String text) {
    this.where = where;
    this.text = text;
  }

  Where where() {
    return where;
  }

  /** In words, for reports. */
  String text() {
    return text;
  }
}
