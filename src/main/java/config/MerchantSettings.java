package config;

import java.util.List;

/** A merchant, its API keys and its PSP accounts. */
public record MerchantSettings(
    String id, List<KeySettings> keys, List<PspAccountSettings> pspAccounts) implements Checked {

  public MerchantSettings {
    keys = List.copyOf(keys);
    pspAccounts = List.copyOf(pspAccounts);
  }

  @Override
  public void check(Problems.Section problems) {
    Ids.check(problems, "id", id);
    if (keys.isEmpty()) {
      problems.add("keys", "must name at least one key");
    }
    for (DataMode mode : DataMode.values()) {
      boolean hasKey = keys.stream().anyMatch(key -> key.mode() == mode);
      boolean hasAccount = pspAccounts.stream().anyMatch(account -> account.mode() == mode);
      if (hasKey && !hasAccount) {
        problems.add(
            "psp-accounts",
            "must have one in mode %1$s, because there is a key in mode %1$s"
                .formatted(mode == DataMode.LIVE ? "live" : "test"));
      }
    }
  }
}
