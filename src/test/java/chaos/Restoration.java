package chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import simulator.Authorization;
import simulator.Truth;

/**
 * The primary is lost, and what is there instead is from before: merchants ask again with their
 * keys, PSPs are asked to send their webhooks again, and no money moves. What both accounts might
 * have taken and only one was asked for in time is an exception: it was declined then, and where
 * the merchant asks again all the same, the other account may take it.
 */
final class Restoration {
  private final Town town;
  private final Shopping shopping;
  private final Path backup;

  /**
   * A restoration of a town.
   *
   * @param backup where the copy of the database goes
   */
  Restoration(Town town, Shopping shopping, Path backup) {
    this.town = town;
    this.shopping = shopping;
    this.backup = backup;
  }

  /** Has all of it happen, with so many purchases; returns the charges and refunds that moved. */
  List<String> pass(int purchases) throws IOException, InterruptedException {
    shopping.beginHalf(purchases);
    town.awaitQuiet();
    town.backUp(backup);
    shopping.buyAll();
    town.awaitQuiet();
    Truth before = town.simulator().truth();
    Set<Purchase> declined = new HashSet<>(shopping.purchases());
    declined.removeIf(
        it ->
            it.kind() != Purchase.Kind.ELSEWHERE || !it.status().equals("requires_payment_method"));

    town.restore(backup);
    shopping.buyAllAgain(town::hearPspsAgain);
    town.awaitQuiet();
    shopping.finish();
    town.awaitQuiet();
    Set<Object> changed = new HashSet<>(town.simulator().truth().charges());
    changed.addAll(town.simulator().truth().refunds());
    before.charges().forEach(changed::remove);
    before.refunds().forEach(changed::remove);
    changed.removeIf(
        it ->
            it instanceof Authorization charge
                && (charge.status() == Authorization.Status.FAILED
                    || declined.removeIf(
                        other ->
                            other.amount() == charge.amountMinor()
                                && other.currency().equals(charge.currency()))));
    return changed.stream().map(Object::toString).toList();
  }
}
