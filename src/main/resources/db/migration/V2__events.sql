-- Events: PSP webhooks in (inbox), state changes out (outbox, event log), merchants' events and webhooks, operators' actions.

-- What PSPs told us, as it came: written before it is acknowledged, worked afterwards.
CREATE TABLE inbox_event (
  merchant_id text NOT NULL,
  psp_account_id text NOT NULL,
  -- What the PSP calls the event; told twice, it is the same row.
  name text NOT NULL,
  -- A hash of the PSP's object, so that what is told of one object is worked by one node.
  lane smallint NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'processed', 'ignored', 'foreign', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  -- When it is worked next; only a pending event is due.
  due_at timestamptz DEFAULT now(),
  -- Why it ended as it did, or why it is not done yet.
  reason text,
  payment_id uuid,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz,
  PRIMARY KEY (merchant_id, psp_account_id, name)
);
CREATE INDEX inbox_event_due ON inbox_event (lane, due_at) WHERE status = 'pending';
CREATE INDEX inbox_event_dead ON inbox_event (received_at) WHERE status = 'dead';
-- Operators page through what came in by its age, and what is old is trimmed by it.
CREATE INDEX inbox_event_age ON inbox_event (received_at, psp_account_id, name);
CREATE INDEX inbox_event_of_payment ON inbox_event (payment_id) WHERE payment_id IS NOT NULL;

-- A refund that was made at the PSP and not by us is found by what the PSP calls it, and is one operation however often told.
CREATE UNIQUE INDEX operation_of_psp_refund ON operation (merchant_id, psp_account_id, psp_reference)
  WHERE kind = 'refund' AND psp_reference IS NOT NULL;
-- What a PSP tells is matched by our key, which its objects carry, or by what the PSP calls its object. Not led by the merchant,
-- as operation_of_payment is not, and for the same reason.
CREATE INDEX operation_of_psp_key ON operation (psp_idempotency_key);
CREATE INDEX operation_of_psp_reference ON operation (psp_reference) WHERE psp_reference IS NOT NULL;

-- A customer's bank takes money back, or asks.
CREATE TABLE dispute (
  merchant_id text NOT NULL,
  dispute_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  -- The authorize operation: the charge that is disputed.
  charge_id uuid NOT NULL,
  livemode boolean NOT NULL,
  psp_account_id text NOT NULL,
  psp_reference text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  status text NOT NULL CHECK (status IN ('inquiry', 'inquiry_closed', 'open', 'won', 'lost')),
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, dispute_id),
  UNIQUE (merchant_id, psp_account_id, psp_reference)
);
CREATE INDEX dispute_of_payment ON dispute (payment_id);

-- State changes on their way out: written with the change, taken away by whoever gives them their place in the event log.
CREATE TABLE outbox (
  -- Rises within a payment, because the payment's row is locked when it is drawn.
  id bigint GENERATED ALWAYS AS IDENTITY,
  merchant_id text NOT NULL,
  payment_id uuid NOT NULL,
  sequence bigint NOT NULL,
  lane smallint NOT NULL,
  livemode boolean NOT NULL,
  -- The rows as the change left them.
  payment jsonb NOT NULL,
  operation jsonb,
  dispute jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- The history's key makes a sequence unique already, and a row here lives for moments: one index has to do.
CREATE INDEX outbox_id ON outbox (id);

-- Every state change with its place: within a lane positions follow each other in the order of commits, and so does every
-- payment's sequence. Kept for thirty days; consumers read it from a cursor.
CREATE TABLE event_log (
  merchant_id text NOT NULL,
  payment_id uuid NOT NULL,
  sequence bigint NOT NULL,
  livemode boolean NOT NULL,
  lane smallint NOT NULL,
  position bigint NOT NULL,
  event text NOT NULL,
  from_status text,
  to_status text NOT NULL,
  operation_id uuid,
  cause text NOT NULL,
  actor text NOT NULL,
  payment jsonb NOT NULL,
  operation jsonb,
  dispute jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, payment_id, sequence)
);
CREATE INDEX event_log_position ON event_log (lane, position);
CREATE INDEX event_log_age ON event_log USING brin (created_at);

-- The last position given in a lane. Its row is the lock: who gives positions commits before the next one does.
CREATE TABLE event_lane (
  lane smallint PRIMARY KEY,
  position bigint NOT NULL
);
INSERT INTO event_lane SELECT lane, 0 FROM generate_series(0, 63) AS lane;

-- How far a consumer of the event log has come in a lane.
CREATE TABLE event_cursor (
  consumer text NOT NULL,
  lane smallint NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (consumer, lane)
);

-- Merchants' events: what a state change is called in Stripe's words. What they show is rendered from the event log.
CREATE TABLE merchant_event (
  merchant_id text NOT NULL,
  event_id uuid NOT NULL,
  livemode boolean NOT NULL,
  type text NOT NULL,
  payment_id uuid,
  sequence bigint,
  -- What the event shows, where it is not about a payment.
  object jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, event_id)
);
CREATE INDEX merchant_event_age ON merchant_event USING brin (created_at);

CREATE TABLE webhook_endpoint (
  merchant_id text NOT NULL,
  endpoint_id uuid NOT NULL,
  livemode boolean NOT NULL,
  -- Which node delivers to it: one does, so that the limit of deliveries in flight is one limit.
  lane smallint NOT NULL,
  url text NOT NULL,
  status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
  disabled_reason text,
  enabled_events text[] NOT NULL,
  description text,
  metadata jsonb NOT NULL,
  -- Encrypted: they sign what merchants trust.
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz,
  version bigint NOT NULL,
  -- Since when every delivery has failed; null where the last one succeeded.
  failing_since timestamptz,
  -- When it was made, or last enabled again: nothing is given up sooner after it than after its own time.
  enabled_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, endpoint_id)
);

CREATE TABLE delivery (
  merchant_id text NOT NULL,
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  payment_id uuid,
  sequence bigint,
  status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  -- When it is tried next; only a pending one is due.
  due_at timestamptz DEFAULT now(),
  last_status integer,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- From when the time is counted until it is given up: made, or told to be sent again.
  retry_since timestamptz NOT NULL DEFAULT now(),
  attempted_at timestamptz,
  delivered_at timestamptz,
  PRIMARY KEY (merchant_id, endpoint_id, event_id)
);
CREATE INDEX delivery_due ON delivery (merchant_id, endpoint_id, due_at) WHERE status = 'pending';
CREATE INDEX delivery_failed ON delivery (created_at) WHERE status = 'failed';
-- Operators page through deliveries by their age, and what is old is trimmed by it.
CREATE INDEX delivery_age ON delivery (created_at);

-- What operators did and why. Written with the action, never changed.
CREATE TABLE operator_action (
  action_id uuid PRIMARY KEY,
  -- What the operator's tool calls this request: sent twice, it is one action.
  idempotency_key text UNIQUE,
  operator text NOT NULL,
  action text NOT NULL,
  target jsonb NOT NULL,
  reason text NOT NULL,
  result jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX operator_action_age ON operator_action (created_at);

-- The nodes that are alive, so that each takes its share of the lanes and no more.
CREATE TABLE node (
  node text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON inbox_event, merchant_event, webhook_endpoint, delivery, node TO ${application};
GRANT SELECT, INSERT, DELETE ON outbox, event_log TO ${application};
GRANT SELECT, INSERT, UPDATE ON dispute, event_cursor TO ${application};
GRANT SELECT, UPDATE ON event_lane TO ${application};
GRANT SELECT, INSERT ON operator_action TO ${application};
