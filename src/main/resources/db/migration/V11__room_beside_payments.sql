-- A payment is written twice within moments, when it is taken and when it is paid, and no indexed column changes with that:
-- with room beside the first form the second needs no entries in the indexes. Pages that exist stay as they are.
ALTER TABLE payment SET (fillfactor = 45);

-- What makes a transfer unique is the rule by which an operation was booked; nothing looks for one by its id.
ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_pkey,
  DROP CONSTRAINT ledger_transfer_merchant_id_operation_id_rule_key;
ALTER TABLE ledger_transfer ADD PRIMARY KEY (merchant_id, operation_id, rule);
