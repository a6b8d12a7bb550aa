package config;

/** A group of settings with rules between its properties. */
interface Checked {
  /** Reports every broken rule, naming properties relative to this group. */
  void check(Problems.Section problems);
}
