-- Card data that a browser's component encrypted for a PSP is kept until the PSP has been asked, and no longer, because it holds the
-- security code (PCI DSS 3.3.1: not after authorization, even if encrypted). Which statement ends an operation does not matter: the
-- database sees to it.

-- What may be kept of a request that holds card data; null where that is all of it.
ALTER TABLE operation ADD COLUMN kept_request text;

CREATE FUNCTION forget_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.request := NEW.kept_request;
  NEW.kept_request := NULL;
  RETURN NEW;
END
$$;

-- It may have to be sent again while it is pending or unknown, and at no later stage.
CREATE TRIGGER operation_forgets BEFORE UPDATE OF status ON operation FOR EACH ROW
  WHEN (NEW.kept_request IS NOT NULL AND NEW.status NOT IN ('pending', 'unknown'))
  EXECUTE FUNCTION forget_request();

-- A token that is JSON is what a component gave. What a PSP stores it knows by another token, which has taken its place by then.
CREATE FUNCTION forget_component() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payment_method SET tokens = tokens - NEW.psp_account_id
  WHERE merchant_id = NEW.merchant_id AND payment_method_id = NEW.payment_method_id
    AND tokens ->> NEW.psp_account_id LIKE '{%';
  RETURN NULL;
END
$$;

CREATE TRIGGER payment_method_forgets AFTER UPDATE OF status ON operation FOR EACH ROW
  WHEN (OLD.kept_request IS NOT NULL AND NEW.kept_request IS NULL)
  EXECUTE FUNCTION forget_component();

-- What was given and never paid with, for the sweep.
CREATE INDEX payment_method_component ON payment_method (created_at)
  WHERE tokens @? '$.* ? (@ starts with "{")';
