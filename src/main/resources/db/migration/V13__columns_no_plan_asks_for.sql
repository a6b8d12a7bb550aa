-- No statement looks for rows by what is in these columns. ANALYZE sorted samples of them all the same, rows within rows and
-- JSON above all: on a busy young table for seconds of a CPU, every minute, while checkouts waited for it.
ALTER TABLE payment ALTER parameters SET STATISTICS 0, ALTER last_error SET STATISTICS 0, ALTER client_secret SET STATISTICS 0,
  ALTER next_action_url SET STATISTICS 0;
ALTER TABLE operation ALTER request SET STATISTICS 0, ALTER result SET STATISTICS 0, ALTER parameters SET STATISTICS 0,
  ALTER routing SET STATISTICS 0;
ALTER TABLE idempotency_key ALTER fingerprint SET STATISTICS 0, ALTER answer_body SET STATISTICS 0, ALTER expand SET STATISTICS 0,
  ALTER request_id SET STATISTICS 0;
ALTER TABLE payment_event ALTER cause SET STATISTICS 0, ALTER actor SET STATISTICS 0;
ALTER TABLE payment_change ALTER payment SET STATISTICS 0, ALTER operation SET STATISTICS 0, ALTER dispute SET STATISTICS 0;
ALTER TABLE merchant_event ALTER object SET STATISTICS 0;
ALTER TABLE customer ALTER parameters SET STATISTICS 0;
ALTER TABLE payment_method ALTER card SET STATISTICS 0, ALTER tokens SET STATISTICS 0, ALTER parameters SET STATISTICS 0;
ALTER TABLE inbox_event ALTER body SET STATISTICS 0;
ALTER TABLE webhook_endpoint ALTER metadata SET STATISTICS 0;
ALTER TABLE operator_action ALTER target SET STATISTICS 0, ALTER result SET STATISTICS 0;
