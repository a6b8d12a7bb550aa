-- The core: payments, the operation log, idempotency keys, the ledger, history and anomalies.
-- merchant_id leads every key, so that the schema shards by merchant. Amounts are minor units.

CREATE TABLE payment (
  merchant_id text NOT NULL,
  payment_id uuid NOT NULL,
  livemode boolean NOT NULL,
  lane smallint NOT NULL,
  status text NOT NULL CHECK (status IN ('requires_payment_method', 'requires_confirmation', 'requires_action',
    'processing', 'requires_capture', 'canceled', 'succeeded')),
  version bigint NOT NULL,
  sequence bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  capture_method text NOT NULL,
  authorized bigint NOT NULL CHECK (authorized >= 0),
  captured bigint NOT NULL CHECK (captured >= 0),
  refund_reserved bigint NOT NULL CHECK (refund_reserved >= 0),
  refunded bigint NOT NULL CHECK (refunded >= 0),
  disputed bigint NOT NULL CHECK (disputed >= 0),
  customer_id uuid,
  payment_method_id text,
  latest_charge uuid,
  client_secret text NOT NULL,
  parameters jsonb NOT NULL,
  last_error jsonb,
  next_action_url text,
  cancellation_reason text,
  canceled_at timestamptz,
  PRIMARY KEY (merchant_id, payment_id)
);
CREATE INDEX payment_of_customer ON payment (merchant_id, customer_id, payment_id) WHERE customer_id IS NOT NULL;

-- The write-ahead log for money: a row before the PSP is called, resolved after it.
CREATE TABLE operation (
  merchant_id text NOT NULL,
  operation_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  livemode boolean NOT NULL,
  lane smallint NOT NULL,
  node text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('authorize', 'complete_authentication', 'capture', 'void', 'refund')),
  status text NOT NULL CHECK (status IN ('pending', 'unknown', 'accepted', 'awaiting_customer', 'succeeded', 'failed',
    'canceled')),
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  psp_account_id text NOT NULL,
  psp_idempotency_key text NOT NULL,
  request text NOT NULL,
  idempotency_key text,
  psp_reference text,
  psp_charge_reference text,
  attempts integer NOT NULL,
  charge_id uuid,
  payment_method_id text,
  gives_back boolean NOT NULL DEFAULT false,
  result jsonb,
  parameters jsonb NOT NULL,
  -- When recovery looks at it next; null where nothing is left to do by itself.
  recover_at timestamptz,
  -- Why an operator has to look at it, or null.
  held_reason text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, operation_id)
);
-- Led by the payment: led by the merchant it would also serve a search by operation, and on a young table the planner would
-- take it for one and read all of the merchant's operations.
CREATE INDEX operation_of_payment ON operation (payment_id);
-- One open authorize, capture or void per payment. What gives a late success back runs beside them, as refunds do.
CREATE UNIQUE INDEX operation_open ON operation (merchant_id, payment_id)
  WHERE kind <> 'refund' AND NOT gives_back AND status IN ('pending', 'unknown', 'accepted');
CREATE INDEX operation_refund ON operation (merchant_id, operation_id) WHERE kind = 'refund';
CREATE INDEX operation_due ON operation (recover_at) WHERE recover_at IS NOT NULL;
CREATE INDEX operation_held ON operation (updated_at) WHERE held_reason IS NOT NULL;

CREATE TABLE idempotency_key (
  merchant_id text NOT NULL,
  livemode boolean NOT NULL,
  key text NOT NULL,
  path text NOT NULL,
  fingerprint text NOT NULL,
  payment_id uuid,
  operation_id uuid,
  -- The id reserved for what a claim without an operation makes, so that a repeat makes the same thing.
  object_id uuid,
  request_id text NOT NULL,
  actor text NOT NULL,
  publishable boolean NOT NULL,
  -- The expand paths of the first request, joined by commas: recovery renders the answer with them.
  expand text NOT NULL,
  answer_status smallint,
  answer_body text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, livemode, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key USING brin (created_at);

CREATE TABLE ledger_transfer (
  merchant_id text NOT NULL,
  transfer_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  operation_id uuid NOT NULL,
  rule text NOT NULL,
  debit text NOT NULL,
  credit text NOT NULL CHECK (credit <> debit),
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  livemode boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, transfer_id),
  UNIQUE (merchant_id, operation_id, rule)
);

-- What happened to a payment, in order, and why: one row per change.
CREATE TABLE payment_event (
  merchant_id text NOT NULL,
  payment_id uuid NOT NULL,
  sequence bigint NOT NULL,
  event text NOT NULL,
  from_status text,
  to_status text NOT NULL,
  operation_id uuid,
  -- Who or what caused it: a request id, recovery, an operator.
  cause text NOT NULL,
  actor text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, payment_id, sequence)
);

-- What should not be: shown to operators until someone or something resolves it.
CREATE TABLE anomaly (
  merchant_id text NOT NULL,
  anomaly_id uuid NOT NULL,
  payment_id uuid NOT NULL,
  operation_id uuid NOT NULL,
  kind text NOT NULL,
  detail text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  resolution text,
  PRIMARY KEY (merchant_id, anomaly_id),
  UNIQUE (merchant_id, operation_id, kind)
);
CREATE INDEX anomaly_unresolved ON anomaly (created_at) WHERE resolved_at IS NULL;

CREATE TABLE customer (
  merchant_id text NOT NULL,
  customer_id uuid NOT NULL,
  livemode boolean NOT NULL,
  version bigint NOT NULL,
  deleted boolean NOT NULL,
  email text,
  parameters jsonb NOT NULL,
  PRIMARY KEY (merchant_id, customer_id)
);
CREATE INDEX customer_of_email ON customer (merchant_id, email, customer_id) WHERE email IS NOT NULL AND NOT deleted;

-- The PSP's twin of a customer, per PSP account.
CREATE TABLE psp_customer (
  merchant_id text NOT NULL,
  customer_id uuid NOT NULL,
  psp_account_id text NOT NULL,
  psp_reference text NOT NULL,
  PRIMARY KEY (merchant_id, customer_id, psp_account_id)
);

CREATE TABLE payment_method (
  merchant_id text NOT NULL,
  payment_method_id text NOT NULL,
  livemode boolean NOT NULL,
  customer_id uuid,
  card jsonb,
  -- The PSP tokens, by PSP account id.
  tokens jsonb NOT NULL,
  parameters jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  attached_at timestamptz,
  PRIMARY KEY (merchant_id, payment_method_id)
);
CREATE INDEX payment_method_of_customer ON payment_method (merchant_id, customer_id, created_at)
  WHERE customer_id IS NOT NULL;

-- Which node does the background work of which lane. On database time.
CREATE TABLE lane_lease (
  lane smallint PRIMARY KEY,
  node text NOT NULL,
  leased_until timestamptz NOT NULL
);

-- Ends a statement whose guarded writes do not all apply, so that none does.
CREATE FUNCTION refuse_partial_write() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the operation is open but its payment is not in the expected state' USING ERRCODE = 'SL001';
END
$$;

-- The least the application needs: it never deletes money's history and never changes the ledger.
GRANT USAGE ON SCHEMA public TO ${application};
GRANT SELECT, INSERT, UPDATE ON payment, operation, idempotency_key, customer, psp_customer, payment_method, anomaly,
  lane_lease TO ${application};
GRANT DELETE ON idempotency_key TO ${application};
GRANT SELECT, INSERT ON ledger_transfer, payment_event TO ${application};
