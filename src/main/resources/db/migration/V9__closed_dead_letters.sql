-- Closing a dead letter ends it anew: it is kept for the whole retention from then on, as whatever else has ended.

GRANT UPDATE (processed_at) ON inbox_outcome TO ${application};
