package flows;

import java.util.UUID;

/** What a PSP's word came to. */
public sealed interface FactOutcome {
  /** It is our state now, and was not before. */
  record Applied(UUID paymentId) implements FactOutcome {}

  /** We knew it, or know better: it is stale, or says nothing that is final. */
  record NothingNew(UUID paymentId) implements FactOutcome {}

  /** It matches nothing of ours, so far. */
  record NotOurs() implements FactOutcome {}

  /** It cannot be placed yet: something that comes before it is not known here. */
  record NotYet(String why) implements FactOutcome {}

  /** It fits nothing that can be: a person has to look. */
  record Odd(String why) implements FactOutcome {}
}
