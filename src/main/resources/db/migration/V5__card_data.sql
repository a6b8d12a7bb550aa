-- Card data that a browser's component encrypted for a PSP is kept until the PSP has answered, and no longer, because it holds the
-- security code (PCI DSS 3.3.1: not after authorization, even if encrypted).

-- What takes the place of a request that holds card data; null where the request may be kept. It may have to be sent again while the
-- operation is pending or unknown, and at no later stage: a write that forgot to forget is refused.
ALTER TABLE operation ADD COLUMN kept_request text;
ALTER TABLE operation ADD CONSTRAINT operation_forgets
  CHECK (kept_request IS NULL OR status IN ('pending', 'unknown'));

-- For the sweep: what has no answer for too long, and what was given and never paid with. A token that is JSON is a component's.
CREATE INDEX operation_with_card_data ON operation (operation_id) WHERE kept_request IS NOT NULL;
CREATE INDEX payment_method_component ON payment_method (created_at)
  WHERE tokens @? '$.* ? (@ starts with "{")';
