-- What a PSP told is one row that is written once, and where its working stands is another, a small one: an event that is settled
-- wrote its body twice otherwise, to the table and to the write-ahead log, and vacuum read it all.
--
-- An event stands in exactly one place: its row has "ignored", or inbox_work has it, or inbox_outcome has. It moves from one to
-- the other by a statement that takes it away here and puts in there what it took, so that of two that move it one does.

-- Why it was of no consequence, known by its type when it came: such an event is at its end with its arrival.
ALTER TABLE inbox_event ADD COLUMN ignored text;

-- Events that are to be worked. A row lives for moments, unless it waits for its next try.
CREATE TABLE inbox_work (
  merchant_id text NOT NULL,
  psp_account_id text NOT NULL,
  name text NOT NULL,
  lane smallint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- When it is worked next.
  due_at timestamptz NOT NULL DEFAULT now(),
  -- How long its body is, so that a look knows how much it takes on before it reads any.
  bytes integer NOT NULL,
  -- Why it is not done yet.
  reason text,
  -- Whose payment it was found to be about before it was to be worked again.
  payment_id uuid,
  PRIMARY KEY (merchant_id, psp_account_id, name)
);
CREATE INDEX inbox_work_due ON inbox_work (lane, due_at);
CREATE INDEX inbox_work_of_payment ON inbox_work (payment_id) WHERE payment_id IS NOT NULL;

-- What became of events that were worked. Nothing of it changes but what an operator makes of a dead letter: an event that is to be
-- worked again leaves it.
CREATE TABLE inbox_outcome (
  merchant_id text NOT NULL,
  psp_account_id text NOT NULL,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('processed', 'ignored', 'foreign', 'dead')),
  attempts integer NOT NULL,
  -- Why it ended as it did.
  reason text,
  payment_id uuid,
  processed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, psp_account_id, name)
);
CREATE INDEX inbox_outcome_dead ON inbox_outcome (processed_at) WHERE status = 'dead';
CREATE INDEX inbox_outcome_of_payment ON inbox_outcome (payment_id) WHERE payment_id IS NOT NULL;

INSERT INTO inbox_work (merchant_id, psp_account_id, name, lane, attempts, due_at, bytes, reason, payment_id)
SELECT merchant_id, psp_account_id, name, lane, attempts, coalesce(due_at, now()), octet_length(body), reason, payment_id
FROM inbox_event WHERE status = 'pending';

-- Those that were ignored as they came are among them, so that no body is written again.
INSERT INTO inbox_outcome (merchant_id, psp_account_id, name, status, attempts, reason, payment_id, processed_at)
SELECT merchant_id, psp_account_id, name, status, attempts, reason, payment_id, coalesce(processed_at, received_at)
FROM inbox_event WHERE status <> 'pending';

DROP INDEX inbox_event_due, inbox_event_dead, inbox_event_of_payment;
ALTER TABLE inbox_event DROP COLUMN status, DROP COLUMN attempts, DROP COLUMN due_at, DROP COLUMN reason,
  DROP COLUMN payment_id, DROP COLUMN processed_at;

-- Every event with where it stands.
CREATE VIEW inbox_standing AS
SELECT e.merchant_id, e.psp_account_id, e.name, e.lane, e.type, e.body,
  CASE WHEN w.name IS NOT NULL THEN 'pending' WHEN o.name IS NOT NULL THEN o.status ELSE 'ignored' END AS status,
  coalesce(w.attempts, o.attempts, 0) AS attempts, w.due_at,
  CASE WHEN w.name IS NOT NULL THEN w.reason WHEN o.name IS NOT NULL THEN o.reason ELSE e.ignored END AS reason,
  coalesce(w.payment_id, o.payment_id) AS payment_id, e.received_at,
  CASE WHEN w.name IS NOT NULL THEN NULL WHEN o.name IS NOT NULL THEN o.processed_at ELSE e.received_at END AS processed_at
FROM inbox_event e
LEFT JOIN inbox_work w ON w.merchant_id = e.merchant_id AND w.psp_account_id = e.psp_account_id AND w.name = e.name
LEFT JOIN inbox_outcome o ON o.merchant_id = e.merchant_id AND o.psp_account_id = e.psp_account_id AND o.name = e.name;

-- What a PSP told cannot be changed: only an event that was ignored can be given up for work.
REVOKE UPDATE ON inbox_event FROM ${application};
GRANT UPDATE (ignored) ON inbox_event TO ${application};
GRANT SELECT, INSERT, UPDATE, DELETE ON inbox_work TO ${application};
GRANT SELECT, INSERT, UPDATE (status, reason), DELETE ON inbox_outcome TO ${application};
GRANT SELECT ON inbox_standing TO ${application};
