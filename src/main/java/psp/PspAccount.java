package psp;

/**
 * One PSP account as the rest of Sluice uses it: its money calls and its cards on file, each behind
 * its limits ({@link AccountGuard}), and what it tells by webhook.
 */
public record PspAccount(String id, Psp psp, CardVault vault, PspWebhooks webhooks) {}
