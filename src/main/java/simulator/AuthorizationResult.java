package simulator;

/** What the bank answers to a request for money. */
public sealed interface AuthorizationResult {
  /** The bank took it. */
  record Approved(Authorization authorization) implements AuthorizationResult {}

  /** The bank refused it, and has that on record. */
  record Declined(Authorization authorization, DeclineReason reason)
      implements AuthorizationResult {}

  /** The cardholder is asked first; nothing is on record yet. */
  record ChallengeRequired() implements AuthorizationResult {}
}
