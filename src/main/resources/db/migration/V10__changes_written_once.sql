-- What a change left is written once, by the commit that made it, and not again when the change gets its place: it is wide,
-- and half of what a checkout wrote was these rows, twice. What moves from the outbox to the event log is narrow now.
-- They are kept as rows of types of their own, not as JSON, which names every column again. A column that is to be told
-- later is added to its type: ALTER TYPE ... ADD ATTRIBUTE leaves what is stored as it is.
-- Gateways of earlier versions have to be stopped before this runs.

CREATE TYPE payment_state AS (
  merchant_id text,
  payment_id uuid,
  livemode boolean,
  lane smallint,
  status text,
  version bigint,
  sequence bigint,
  amount bigint,
  currency text,
  capture_method text,
  authorized bigint,
  captured bigint,
  refund_reserved bigint,
  refunded bigint,
  disputed bigint,
  customer_id uuid,
  payment_method_id text,
  latest_charge uuid,
  client_secret text,
  parameters jsonb,
  last_error jsonb,
  next_action_url text,
  cancellation_reason text,
  canceled_at timestamptz
);

CREATE TYPE operation_state AS (
  merchant_id text,
  operation_id uuid,
  payment_id uuid,
  livemode boolean,
  kind text,
  status text,
  amount bigint,
  currency text,
  psp_account_id text,
  psp_idempotency_key text,
  idempotency_key text,
  psp_reference text,
  psp_charge_reference text,
  attempts integer,
  charge_id uuid,
  payment_method_id text,
  gives_back boolean,
  result jsonb,
  parameters jsonb,
  held_reason text,
  updated_at timestamptz,
  -- What the routing decision came to, without its candidates.
  routing jsonb
);

-- The payment and the operation, or the dispute, as each change in the history left them; for as long as events are kept.
CREATE TABLE payment_change (
  merchant_id text NOT NULL,
  payment_id uuid NOT NULL,
  sequence bigint NOT NULL,
  payment payment_state NOT NULL,
  operation operation_state,
  dispute jsonb,
  PRIMARY KEY (merchant_id, payment_id, sequence)
);

INSERT INTO payment_change
  SELECT merchant_id, payment_id, sequence, jsonb_populate_record(NULL::payment_state, payment),
    CASE jsonb_typeof(operation) WHEN 'object' THEN jsonb_populate_record(NULL::operation_state, operation) END, dispute
  FROM (
    SELECT merchant_id, payment_id, sequence, payment, operation, dispute FROM event_log
    UNION ALL SELECT merchant_id, payment_id, sequence, payment, operation, dispute FROM outbox) told;

-- State changes that have no place in the event log yet.
ALTER TABLE outbox ADD COLUMN event text, ADD COLUMN operation_kind text, ADD COLUMN operation_status text;
UPDATE outbox o SET event = e.event, operation_kind = o.operation ->> 'kind', operation_status = o.operation ->> 'status'
  FROM payment_event e WHERE e.merchant_id = o.merchant_id AND e.payment_id = o.payment_id AND e.sequence = o.sequence;
ALTER TABLE outbox ALTER COLUMN event SET NOT NULL;
ALTER TABLE outbox DROP COLUMN payment, DROP COLUMN operation, DROP COLUMN dispute;

-- Every change's place. What it was stands in the history and in payment_change, under the same key.
ALTER TABLE event_log DROP CONSTRAINT event_log_pkey;
ALTER TABLE event_log DROP COLUMN livemode, DROP COLUMN event, DROP COLUMN from_status, DROP COLUMN to_status,
  DROP COLUMN operation_id, DROP COLUMN cause, DROP COLUMN actor, DROP COLUMN payment, DROP COLUMN operation,
  DROP COLUMN dispute;

GRANT SELECT, INSERT, DELETE ON payment_change TO ${application};
