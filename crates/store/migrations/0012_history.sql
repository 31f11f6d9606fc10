-- What was changed, from what to what, by whom and why: the ledger that undoing reads, and that knows where every value comes from.
CREATE TABLE change_set (
    id {ID},
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,            -- user token system
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    cause TEXT NOT NULL,                 -- form inline bulk api tracking import merge person rule retention undo
    cause_id BIGINT,                     -- the import or job, or the set that an undo takes back
    undone_by BIGINT                     -- the set that took this one back
);
CREATE INDEX change_set_cause ON change_set (cause, cause_id);

CREATE TABLE record_change (
    set_id BIGINT NOT NULL REFERENCES change_set (id),
    subject_kind {KEY} NOT NULL,         -- contact company
    subject_id BIGINT NOT NULL,
    field {KEY} NOT NULL,                -- record: made (before is empty) or gone (after is empty)
    before TEXT,
    after TEXT,
    PRIMARY KEY (set_id, subject_kind, subject_id, field)
);
CREATE INDEX record_change_subject ON record_change (subject_kind, subject_id, set_id);

ALTER TABLE contact ADD COLUMN occupation TEXT;
