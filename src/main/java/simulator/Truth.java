package simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A consistent snapshot of what really happened at the simulated bank, to audit a gateway against:
 * faults in answers never touch it.
 *
 * @param charges every authorization, failed ones too, oldest first
 * @param refunds every refund, oldest first
 * @param disputes every dispute, oldest first
 */
public record Truth(
    List<Authorization> charges, List<BankRefund> refunds, List<BankDispute> disputes) {

  /** What happened at one account, named by its id or its secret key. */
  public Truth account(String account) {
    String id = AccountId.of(account);
    return new Truth(
        charges.stream().filter(charge -> charge.account().equals(id)).toList(),
        refunds.stream().filter(refund -> refund.account().equals(id)).toList(),
        disputes.stream().filter(dispute -> dispute.account().equals(id)).toList());
  }

  /** What happened to one payment. */
  public Truth payment(String payment) {
    return new Truth(
        charges.stream().filter(charge -> charge.payment().equals(payment)).toList(),
        refunds.stream().filter(refund -> refund.payment().equals(payment)).toList(),
        disputes.stream().filter(dispute -> dispute.payment().equals(payment)).toList());
  }

  /** What happened for requests that carried this metadata. */
  public Truth metadata(String key, String value) {
    return new Truth(
        charges.stream().filter(charge -> value.equals(charge.metadata().get(key))).toList(),
        refunds.stream().filter(refund -> value.equals(refund.metadata().get(key))).toList(),
        disputes.stream().filter(dispute -> value.equals(dispute.metadata().get(key))).toList());
  }

  /** The authorizations that hold or held money: all but the failed ones. */
  public List<Authorization> approved() {
    return charges.stream()
        .filter(charge -> charge.status() != Authorization.Status.FAILED)
        .toList();
  }

  /** Captured minor units by currency. */
  public Map<String, Long> capturedMinor() {
    return total(charges, Authorization::currency, Authorization::capturedMinor);
  }

  /** Minor units still held, neither captured nor released, by currency. */
  public Map<String, Long> heldMinor() {
    return total(
        charges.stream()
            .filter(charge -> charge.status() == Authorization.Status.AUTHORIZED)
            .toList(),
        Authorization::currency,
        Authorization::amountMinor);
  }

  /** Refunded minor units by currency, pending ones included, failed ones not. */
  public Map<String, Long> refundedMinor() {
    return total(
        refunds.stream().filter(refund -> refund.status() != BankRefund.Status.FAILED).toList(),
        BankRefund::currency,
        BankRefund::amountMinor);
  }

  /** Minor units that chargebacks took and did not give back, by currency. */
  public Map<String, Long> disputedMinor() {
    return total(
        disputes.stream().filter(dispute -> dispute.status().withdrawn()).toList(),
        BankDispute::currency,
        BankDispute::withdrawnMinor);
  }

  /** The refunds that were made in the provider's dashboard. */
  public List<BankRefund> refundsMadeOutside() {
    return refunds.stream().filter(BankRefund::outside).toList();
  }

  private static <T> Map<String, Long> total(
      List<T> items, Function<T, String> currency, ToLongFunction<T> amount) {
    Map<String, Long> totals = new TreeMap<>();
    items.forEach(
        item -> totals.merge(currency.apply(item), amount.applyAsLong(item), Math::addExact));
    return totals;
  }

  /** What another process's simulator answers to {@code GET truth}. */
  public static Truth fromJson(JsonObject json) {
    return new Truth(
        list(json, "charges", Authorization::fromJson),
        list(json, "refunds", BankRefund::fromJson),
        list(json, "disputes", BankDispute::fromJson));
  }

  private static <T> List<T> list(JsonObject json, String name, Function<JsonObject, T> item) {
    return json.getJsonArray(name).stream().map(each -> item.apply((JsonObject) each)).toList();
  }

  JsonObject toJson(@Nullable String account) {
    Truth shown = account == null ? this : account(account);
    JsonArray chargeList = new JsonArray();
    shown.charges.forEach(charge -> chargeList.add(charge.toJson()));
    JsonArray refundList = new JsonArray();
    shown.refunds.forEach(refund -> refundList.add(refund.toJson()));
    JsonArray disputeList = new JsonArray();
    shown.disputes.forEach(dispute -> disputeList.add(dispute.toJson()));
    return new JsonObject()
        .put("charges", chargeList)
        .put("refunds", refundList)
        .put("disputes", disputeList)
        .put(
            "totals",
            new JsonObject()
                .put("captured", totals(shown.capturedMinor()))
                .put("held", totals(shown.heldMinor()))
                .put("refunded", totals(shown.refundedMinor()))
                .put("disputed", totals(shown.disputedMinor())));
  }

  private static JsonObject totals(Map<String, Long> totals) {
    JsonObject json = new JsonObject();
    totals.forEach(json::put);
    return json;
  }
}
