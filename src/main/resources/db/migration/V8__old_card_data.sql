-- Requests that were answered before card data was forgotten (V5) hold it still: what V5 would have left takes their place, in the form
-- of the adapter that wrote them. One that has no answer yet gets what is to take its place then. One pass over the table.

UPDATE operation
SET request = CASE WHEN status IN ('pending', 'unknown') THEN request
    ELSE 'OVER' || regexp_replace(substr(request, 5), '("encrypted\w*":)"(?:[^"\\]|\\.)*"', '\1"***"', 'g') END,
  kept_request = CASE WHEN status IN ('pending', 'unknown')
    THEN 'OVER' || regexp_replace(substr(request, 5), '("encrypted\w*":)"(?:[^"\\]|\\.)*"', '\1"***"', 'g') END
WHERE kind = 'authorize' AND kept_request IS NULL AND request LIKE E'POST /v71/payments\n%"encrypted%';
