-- Records that may be about one person, those that were merged, and what moved when they were.
ALTER TABLE contact ADD COLUMN merged_into BIGINT;   -- the record that took this one's place
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;

-- What contacts share: hashed keys of blocking rules. Derived; the task `duplicates` keeps it.
CREATE TABLE contact_block (
    block BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (block, contact_id)
);
CREATE INDEX contact_block_contact ON contact_block (contact_id);

-- Pairs that are likely one person.
CREATE TABLE duplicate_pair (
    one_id BIGINT NOT NULL,              -- the smaller id
    other_id BIGINT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    evidence TEXT NOT NULL,              -- JSON list of field, level, weight
    state TEXT NOT NULL,                 -- open merged dismissed
    seen_at BIGINT NOT NULL,
    decided_at BIGINT,
    PRIMARY KEY (one_id, other_id)
);
CREATE INDEX duplicate_pair_ranked ON duplicate_pair (state, probability, one_id, other_id);
CREATE INDEX duplicate_pair_other ON duplicate_pair (other_id);

-- Each merge with the survivor's fields before and after, so that it can be taken back.
CREATE TABLE contact_merge (
    id {ID},
    survivor_id BIGINT NOT NULL REFERENCES contact (id),
    merged_id BIGINT NOT NULL REFERENCES contact (id),
    at BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    automatic SMALLINT NOT NULL,
    change_set BIGINT NOT NULL,          -- what it changed in the survivor's fields
    before TEXT NOT NULL,                -- JSON of the survivor's fields
    after TEXT NOT NULL,
    survivor_version BIGINT NOT NULL,    -- that the merge gave it
    survivor_updated_at BIGINT NOT NULL, -- before the merge
    merged_updated_at BIGINT NOT NULL,
    last_consent BIGINT NOT NULL,        -- id of the newest consent when they were merged
    undone_at BIGINT,
    undone_by TEXT
);
CREATE INDEX contact_merge_survivor ON contact_merge (survivor_id, id);
CREATE INDEX contact_merge_merged ON contact_merge (merged_id, id);
CREATE INDEX contact_merge_set ON contact_merge (change_set);

-- Every row a merge moved to the survivor, or retired.
CREATE TABLE contact_merge_row (
    merge_id BIGINT NOT NULL REFERENCES contact_merge (id),
    what TEXT NOT NULL,                  -- a table, or consent.retired
    id BIGINT NOT NULL,
    PRIMARY KEY (merge_id, what, id)
);
