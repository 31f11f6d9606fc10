-- The overview counts what is open and exempt whenever it is looked at: from the index alone.
CREATE INDEX finding_counted ON finding (rule, exempt_at) WHERE closed_at IS NULL;
