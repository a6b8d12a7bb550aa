package chaos;

import java.util.List;
import simulator.Truth;
import support.Rows;

/**
 * What an audit looks at.
 *
 * @param database the gateway's, past its roles
 * @param truth what really happened at the PSPs
 * @param told what is in Kafka, each partition in its order
 * @param delivered what a merchant's endpoint has taken
 */
record Evidence(Rows database, Truth truth, List<Told> told, List<Delivered> delivered) {

  /**
   * A record of Kafka.
   *
   * @param payment its public id
   */
  record Told(String payment, long sequence) {}

  /**
   * An event that the merchant has acknowledged.
   *
   * @param id its public id
   */
  record Delivered(String id, String type) {}
}
