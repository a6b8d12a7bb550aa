-- Deliveries to an endpoint: whether it has been failing until lately, or only failed once a while ago and has not been sent to since.

-- When a delivery failed last. An endpoint that was failing before this column was there is judged by its next failure.
ALTER TABLE webhook_endpoint ADD COLUMN failed_at timestamptz;
