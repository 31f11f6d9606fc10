-- What a segment was, version by version: every save keeps its own.
CREATE TABLE segment_version (
    segment_id BIGINT NOT NULL REFERENCES segment (id),
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    definition TEXT NOT NULL,            -- JSON with ids, never labels
    saved_by TEXT NOT NULL,              -- name of who saved it
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (segment_id, version)
);
INSERT INTO segment_version (segment_id, version, name, description, definition, saved_by, saved_at)
    SELECT id, version, name, description, definition, '', updated_at FROM segment;

-- How many people a segment meant when a day of the organisation's zone began.
CREATE TABLE segment_day (
    segment_id BIGINT NOT NULL REFERENCES segment (id),
    day TEXT NOT NULL,                   -- YYYY-MM-DD
    version BIGINT NOT NULL,             -- of the definition that was counted
    people BIGINT NOT NULL,
    PRIMARY KEY (segment_id, day)
);
