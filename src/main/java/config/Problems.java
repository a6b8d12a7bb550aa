package config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a configuration, gathered so that all of it is told at once. One property has
 * at most one problem: the first found is the cause, later ones may follow from it.
 */
final class Problems {
  private final Map<String, String> byProperty = new LinkedHashMap<>();

  void add(String property, String text) {
    byProperty.putIfAbsent(property, text);
  }

  Section section(String path) {
    return new Section(path);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    byProperty.forEach((property, text) -> lines.add(property + " " + text));
    return lines;
  }

  /** The problems of one group of settings; names given to it are relative to the group. */
  final class Section {
    private final String path;

    private Section(String path) {
      this.path = path;
    }

    void add(String property, String text) {
      Problems.this.add(path.isEmpty() ? property : path + "." + property, text);
    }
  }
}
