package outbox;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import payments.PublicId;
import store.EventLog.Event;

/**
 * A state change as a Kafka record: CloudEvents 1.0 in the Kafka binding's binary mode, attributes
 * as headers and the data as the value. The same change is the same record, however often it is
 * sent: its id is the payment's and the sequence number.
 *
 * @param key the payment's id: all of a payment's events are in one partition
 * @param headers the attributes, with the sequence and partitioning extensions
 * @param value the data as JSON
 */
record CloudEvent(String key, Map<String, String> headers, String value) {
  static CloudEvent of(Event event) {
    return of(event, EventData.of(event));
  }

  /** The event for a broker that refuses the whole one as too big. */
  static CloudEvent shortened(Event event) {
    return of(event, EventData.shortened(event));
  }

  private static CloudEvent of(Event event, JsonObject data) {
    String payment = PublicId.PAYMENT.of(event.paymentId());
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", payment + "-" + event.sequence());
    headers.put("ce_source", "/sluice/merchants/" + event.merchantId());
    headers.put("ce_type", "sluice.payment." + event.event() + ".v1");
    headers.put("ce_time", event.createdAt().toString());
    headers.put("ce_subject", payment);
    headers.put("ce_dataschema", "urn:sluice:events:" + event.event() + ":v1");
    // The digits of the greatest long, so that sequences are ordered as texts, too.
    headers.put("ce_sequence", "%019d".formatted(event.sequence()));
    headers.put("ce_partitionkey", payment);
    headers.put("content-type", "application/json");
    return new CloudEvent(payment, headers, data.encode());
  }

  ProducerRecord<String, String> record(String topic) {
    ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return record;
  }
}
