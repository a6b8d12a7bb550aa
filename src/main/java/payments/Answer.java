package payments;

/**
 * An answer on the wire, as it is stored for replay.
 *
 * @param status the HTTP status
 * @param body the JSON body, replayed byte for byte
 * @param replayed whether it was given before
 */
public record Answer(int status, String body, boolean replayed) {
  public Answer asReplay() {
    return new Answer(status, body, true);
  }
}
