package config;

/** The form of the names that settings give to merchants, keys and PSP accounts. */
final class Ids {
  private Ids() {}

  static void check(Problems.Section problems, String property, String id) {
    if (!id.matches("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}")) {
      problems.add(
          property, "must be 1 to 63 letters, digits, _ or -, and start with a letter or digit");
    }
  }
}
