package config;

/** A value that is never shown: its text form is the same for every secret. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "[secret]";
  }
}
