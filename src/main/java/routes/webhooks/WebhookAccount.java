package routes.webhooks;

import psp.PspWebhooks;

/**
 * A PSP account that webhooks come in for.
 *
 * @param psp the PSP's name, as in the path
 * @param id unique over all merchants, as in the path
 */
public record WebhookAccount(String psp, String id, String merchantId, PspWebhooks webhooks) {
  String path() {
    return "/webhooks/" + psp + "/" + id;
  }
}
