-- Which rows changed since when: written by triggers (see `changes.rs`), read by copies that follow the truth.
CREATE TABLE change (
    seq {SEQ},
    what TEXT NOT NULL,                  -- table
    id BIGINT NOT NULL,
    part BIGINT NOT NULL DEFAULT 0,      -- second half of a key of two
    tx BIGINT NOT NULL DEFAULT {TX}      -- PostgreSQL: the transaction that wrote it
);
CREATE INDEX change_tx ON change (tx);

-- Where each copy stands, so that only what everybody has read is forgotten.
CREATE TABLE change_reader (
    name TEXT PRIMARY KEY,
    cursor BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
