-- Which PSP account takes a payment, and which must not be asked.

-- The decision that sent an operation to its PSP account, with what it was decided on. Written with the row, never changed.
ALTER TABLE operation ADD COLUMN routing jsonb;

-- Breakers that operators keep open: every node reads them twice a second, and a restart finds them again. A row is there as long
-- as the breaker is forced open; who did it and why is in the audit log, too.
CREATE TABLE forced_breaker (
  merchant_id text NOT NULL,
  psp_account_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('authorize', 'complete_authentication', 'capture', 'void', 'refund')),
  operator text NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, psp_account_id, kind)
);

GRANT SELECT, INSERT, DELETE ON forced_breaker TO ${application};
