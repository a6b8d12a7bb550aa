package contracts;

/** What one PSP does otherwise than another, and the gateway has to know. */
enum Trait {
  /** It only takes captures, releases and refunds in: a webhook tells what became of them. */
  TELLS_LATER,
  /**
   * It shows what it did to who asks. Otherwise asking is the same request with the same key, where
   * there surely is an answer to it that is still known.
   */
  SHOWS_WHAT_IT_DID,
  /** It marks an answer that it repeats, so that one to a repeat may be the first one's. */
  MARKS_REPLAYS,
  /** It authorizes after an authentication only when we tell it what the browser brought back. */
  AUTHORIZES_ONLY_BY_OUR_WORD
}
