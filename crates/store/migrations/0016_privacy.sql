-- Somebody whose data is restricted (Art. 18 GDPR) or was erased (Art. 17) is in the archive, whoever asks; withdrawn_at says
-- that the law put them there, so that figures published before still count them.
ALTER TABLE contact ADD COLUMN restricted_at BIGINT CHECK (restricted_at IS NULL OR archived_at IS NOT NULL);
ALTER TABLE contact ADD COLUMN erased_at BIGINT CHECK (erased_at IS NULL OR archived_at IS NOT NULL);
ALTER TABLE contact ADD COLUMN withdrawn_at BIGINT CHECK (withdrawn_at IS NULL OR archived_at IS NOT NULL);

CREATE INDEX contact_restricted ON contact (number) WHERE restricted_at IS NOT NULL;

-- What data is used for, and why that is allowed.
CREATE TABLE purpose (
    code {KEY} PRIMARY KEY,
    label_de TEXT NOT NULL,
    label_en TEXT NOT NULL,
    basis TEXT NOT NULL,                 -- consent contract legal_duty legitimate_interest (Art. 6 (1) a, b, c, f GDPR)
    description TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    archived_at BIGINT
);
INSERT INTO purpose (code, label_de, label_en, basis, description, created_at)
    VALUES ('marketing', 'Werbung', 'Marketing', 'consent', '', 0);

-- What people are told when they are asked; a new wording is a new version, and none is ever changed.
CREATE TABLE consent_wording (
    id {ID},
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    version BIGINT NOT NULL,
    text_de TEXT NOT NULL,
    text_en TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (purpose, channel, version)
);

-- Double opt-in: asked by mail, given by pressing the button behind the sealed link (Art. 7 (1) GDPR, § 7 UWG). The rows are
-- the proof.
CREATE TABLE consent_request (
    id {ID},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    wording_id BIGINT NOT NULL REFERENCES consent_wording (id),
    address TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,                 -- asked sent failed confirmed
    sent_at BIGINT,
    seen_at BIGINT,                      -- the page was opened; a scanner does that, too
    confirmed_at BIGINT,                 -- the button was pressed
    confirmed_from TEXT,                 -- network address
    consent_id BIGINT
);
CREATE INDEX consent_request_contact ON consent_request (contact_id, id);
CREATE INDEX consent_request_asked ON consent_request (id) WHERE state = 'asked';

-- What persons concerned asked for (Art. 15 to 21 GDPR).
CREATE TABLE privacy_request (
    id {ID},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL,                  -- access portability rectification erasure restriction objection
    state TEXT NOT NULL,                 -- open checked working done refused
    received_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,              -- one month, or three (Art. 12 (3))
    extended_at BIGINT,
    extension_reason TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL,               -- how it came: email letter phone in_person
    note TEXT NOT NULL DEFAULT '',
    identity_note TEXT NOT NULL DEFAULT '',
    identity_at BIGINT,
    identity_by TEXT NOT NULL DEFAULT '',
    handled_by TEXT NOT NULL DEFAULT '',
    closed_at BIGINT,
    outcome TEXT NOT NULL DEFAULT '',
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX privacy_request_open ON privacy_request (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX privacy_request_contact ON privacy_request (contact_id, id);

-- Everything about a person as one file, made by a job and gone after a while.
CREATE TABLE privacy_package (
    id {ID},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    job_id BIGINT,
    state TEXT NOT NULL,                 -- making ready failed
    file_path TEXT,                      -- inside the data folder
    file_bytes BIGINT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX privacy_package_contact ON privacy_package (contact_id, id);

-- The protocol of an erasure: what was done to how many rows of which table, and nothing about whom.
CREATE TABLE erasure (
    id {ID},
    contact_id BIGINT NOT NULL,
    reason TEXT NOT NULL,                -- request retention
    state TEXT NOT NULL,                 -- running done failed
    begun_by TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    job_id BIGINT,
    counts TEXT NOT NULL DEFAULT '{}',   -- JSON: rows by table and deed
    left_over BIGINT,                    -- cells that still named the person when everything was searched again
    finished_at BIGINT,
    digest TEXT                          -- SHA-256 over what stands above
);
CREATE INDEX erasure_contact ON erasure (contact_id);

-- Keyed fingerprints of those who were erased, so that no import, form or tracker brings them back by mistake.
CREATE TABLE erased_fingerprint (
    fingerprint {KEY} PRIMARY KEY,
    kind TEXT NOT NULL,                  -- email number birth
    erasure_id BIGINT NOT NULL
);
CREATE INDEX erased_fingerprint_erasure ON erased_fingerprint (erasure_id);

-- How long what is kept; the rules themselves are in the code, what the house sets otherwise is here.
CREATE TABLE retention_rule (
    code {KEY} PRIMARY KEY,
    months BIGINT NOT NULL,
    active SMALLINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE retention_hold (
    contact_id BIGINT PRIMARY KEY REFERENCES contact (id),
    reason TEXT NOT NULL,
    held_by TEXT NOT NULL,
    held_at BIGINT NOT NULL
);

CREATE TABLE retention_run (
    day {KEY} NOT NULL,                  -- YYYY-MM-DD of the organisation's zone
    code TEXT NOT NULL,
    records BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (day, code)
);

-- What the house says otherwise about a table of the record of processing activities (Art. 30 GDPR).
CREATE TABLE processing_note (
    table_name {KEY} PRIMARY KEY,
    purpose TEXT NOT NULL,
    basis TEXT NOT NULL,
    retention TEXT NOT NULL,
    recipients TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX audit_entry_actor ON audit_entry (actor_name, id);
CREATE INDEX audit_entry_action ON audit_entry (action, id);
