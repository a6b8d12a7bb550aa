-- Webhooks come in storms: what each costs to store and to settle.

-- An index of the time alone: what was stored together shares an entry, and few are of one moment when operators page.
DROP INDEX inbox_event_age;
CREATE INDEX inbox_event_age ON inbox_event (received_at);

-- An event of a usual length stays in its row as it came: compressed and put elsewhere it cost more than all the rest.
ALTER TABLE inbox_event SET (toast_tuple_target = 8160);
