-- What somebody wants to reach: a figure of the overview, over a period, for everybody or a segment.
CREATE TABLE target (
    id {ID},
    metric TEXT NOT NULL,
    span TEXT NOT NULL,                  -- month quarter year days
    days BIGINT,                         -- how many, for days
    millionths BIGINT NOT NULL,          -- the value: counts, minor units of money or a ratio, in millionths
    segment_id BIGINT REFERENCES segment (id),
    created_by BIGINT,
    created_at BIGINT NOT NULL
);

-- Which figures somebody wants to see first, and in which order.
CREATE TABLE overview_layout (
    user_id BIGINT PRIMARY KEY REFERENCES staff_user (id),
    tiles TEXT NOT NULL                  -- codes, separated by commas
);

-- A change that chance does not explain; each is written once.
CREATE TABLE alert (
    id {ID},
    subject TEXT NOT NULL,               -- contact segment channel campaign metric
    subject_key TEXT NOT NULL,           -- an id, or the code of a channel or metric
    direction TEXT NOT NULL,             -- rise fall
    first_day TEXT NOT NULL,             -- YYYY-MM-DD, both days belong to the window
    last_day TEXT NOT NULL,
    expected DOUBLE PRECISION NOT NULL,
    observed DOUBLE PRECISION NOT NULL,
    p DOUBLE PRECISION NOT NULL,
    q DOUBLE PRECISION NOT NULL,
    found_at BIGINT NOT NULL,
    UNIQUE (subject, subject_key, direction, first_day)
);
CREATE INDEX alert_found ON alert (found_at, id);

-- Something a person should look at.
CREATE TABLE notification (
    id {ID},
    user_id BIGINT NOT NULL REFERENCES staff_user (id),
    source TEXT NOT NULL,                -- what it is about, so that it is said once: alert:17
    kind TEXT NOT NULL,                  -- person segment channel campaign metric target
    what TEXT NOT NULL,                  -- JSON of a Sentence
    link TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT,
    UNIQUE (user_id, source)
);
CREATE INDEX notification_user ON notification (user_id, id);
CREATE INDEX notification_unread ON notification (user_id) WHERE read_at IS NULL;

-- What somebody wants to be told; who has no row wants the usual.
CREATE TABLE notification_wish (
    user_id BIGINT PRIMARY KEY REFERENCES staff_user (id),
    kinds TEXT NOT NULL,                 -- codes, separated by commas
    strength BIGINT NOT NULL,            -- least change, in percent of what was expected
    only_segments TEXT NOT NULL,         -- ids, separated by commas; empty: all
    only_channels TEXT NOT NULL,         -- codes, separated by commas; empty: all
    mail SMALLINT NOT NULL
);

-- The daily mail: noted before it is handed over, so that nobody gets it twice.
CREATE TABLE notification_digest (
    user_id BIGINT NOT NULL REFERENCES staff_user (id),
    day TEXT NOT NULL,                   -- YYYY-MM-DD in the organisation's zone
    state TEXT NOT NULL,                 -- sending sent failed
    at BIGINT NOT NULL,
    PRIMARY KEY (user_id, day)
);
