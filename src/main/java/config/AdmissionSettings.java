package config;

/**
 * How many requests are worked on at once; what comes above is refused at once.
 *
 * @param maxConcurrent on this node; above it 503
 * @param maxConcurrentPerMerchant for one merchant and mode; above it 429
 */
public record AdmissionSettings(
    @Default("1024") @Range(min = 1, max = 1_000_000) int maxConcurrent,
    @Default("512") @Range(min = 1, max = 1_000_000) int maxConcurrentPerMerchant)
    implements Checked {

  @Override
  public void check(Problems.Section problems) {
    if (maxConcurrentPerMerchant > maxConcurrent) {
      problems.add("max-concurrent-per-merchant", "must not be above admission.max-concurrent");
    }
  }
}
