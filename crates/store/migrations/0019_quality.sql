-- What is wrong with the data: found by a rule, gone when the record is mended.
CREATE TABLE finding (
    id {ID},
    rule {KEY} NOT NULL,
    subject_id BIGINT NOT NULL,          -- of the table the rule looks at
    contact_id BIGINT,                   -- whom it is about, where it is about somebody
    found_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,             -- the last look that still saw it
    closed_at BIGINT,
    exempt_at BIGINT,                    -- somebody said that it is right as it is
    exempt_by TEXT,
    exempt_reason TEXT,
    UNIQUE (rule, subject_id)
);
CREATE INDEX finding_open ON finding (rule, id) WHERE closed_at IS NULL;
CREATE INDEX finding_contact ON finding (contact_id);

-- The last look of each rule.
CREATE TABLE finding_run (
    rule {KEY} PRIMARY KEY,
    ran_at BIGINT NOT NULL,              -- 0: wanted at once
    records BIGINT NOT NULL              -- how many it looked at
);

-- How many were open at the end of each day.
CREATE TABLE finding_day (
    rule {KEY} NOT NULL,
    day TEXT NOT NULL,                   -- YYYY-MM-DD
    open BIGINT NOT NULL,
    PRIMARY KEY (rule, day)
);

-- What was told to those who can mend it.
CREATE TABLE finding_report (
    id {ID},
    rule {KEY} NOT NULL,
    text TEXT NOT NULL,
    reporter_id BIGINT NOT NULL REFERENCES staff_user (id),
    assignee_id BIGINT NOT NULL REFERENCES staff_user (id),
    state TEXT NOT NULL,                 -- open working mended
    created_at BIGINT NOT NULL,
    mended_at BIGINT
);
CREATE INDEX finding_report_rule ON finding_report (rule, id);
