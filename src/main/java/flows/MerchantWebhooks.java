package flows;

import java.time.Duration;
import store.MerchantEvents;
import store.WebhookEndpoints;

/**
 * What the flows of events and webhook endpoints are told over.
 *
 * @param eventsKept how long events can be read
 * @param eventsSettle after which time all events are there whose ids were drawn before: until then
 *     they are not listed
 */
public record MerchantWebhooks(
    WebhookEndpoints endpoints,
    MerchantEvents events,
    EndpointSecrets secrets,
    WebhookTargets targets,
    Duration eventsKept,
    Duration eventsSettle) {}
