package config;

import java.util.List;

/** A configuration that cannot be used. Each problem is one line that starts with the property. */
public final class InvalidSettings extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final List<String> problems;

  public InvalidSettings(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
