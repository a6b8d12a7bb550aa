package routes.api;

/**
 * A merchant's API key, without the key itself.
 *
 * @param id what the key is called in the record of who did what
 * @param publishable whether it is meant for browsers, and may do only what the customer may
 */
public record ApiKey(String id, String merchantId, boolean livemode, boolean publishable) {}
