-- The one record everything hangs on. *_key columns hold the folded form people search and sort by.
CREATE TABLE company (
    id {ID},
    name TEXT NOT NULL,
    name_key {KEY} NOT NULL UNIQUE,
    industry TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE contact (
    id {ID},
    number {KEY} NOT NULL UNIQUE,        -- customer number of the company's own books
    kind TEXT NOT NULL,                  -- lead prospect customer former
    salutation TEXT,                     -- ms mr mx
    title TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    name_key {KEY} NOT NULL,             -- folded "last first"
    first_key {KEY} NOT NULL,            -- folded first name
    birth_date TEXT,                     -- YYYY-MM-DD
    email TEXT,
    email_key {KEY},                     -- lower case
    phone TEXT,
    street TEXT,
    postal_code TEXT,
    city TEXT,
    city_key {KEY},
    country TEXT,                        -- ISO 3166-1 alpha-2
    company_id BIGINT REFERENCES company (id),
    language TEXT,
    source TEXT,
    budget_minor BIGINT,
    budget_currency TEXT,
    owner_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX contact_name ON contact (name_key, id);
CREATE INDEX contact_kind ON contact (kind, name_key, id);
CREATE INDEX contact_first ON contact (first_key, id);
CREATE INDEX contact_email ON contact (email_key);
CREATE INDEX contact_city ON contact (city_key, id);
CREATE INDEX contact_company ON contact (company_id);
CREATE INDEX contact_created ON contact (created_at, id);

-- Append-only history of consents; exactly one row per contact, channel and purpose is the current one.
CREATE TABLE consent (
    id {ID},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    channel TEXT NOT NULL,               -- email letter phone web social
    purpose TEXT NOT NULL,               -- marketing …
    granted SMALLINT NOT NULL,
    source TEXT NOT NULL,
    wording TEXT NOT NULL,
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    current SMALLINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX consent_current ON consent (contact_id, channel, purpose) WHERE current = 1;
CREATE INDEX consent_contact ON consent (contact_id, id);

CREATE TABLE import_run (
    id {ID},
    kind TEXT NOT NULL,                  -- contacts orders
    file_name TEXT NOT NULL,
    file_path TEXT NOT NULL,             -- inside the data folder
    file_bytes BIGINT NOT NULL,
    dialect TEXT NOT NULL,               -- JSON
    mapping TEXT NOT NULL,               -- JSON
    state TEXT NOT NULL,                 -- prepared checking checked running done cancelled failed
    job_id BIGINT,
    lines BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    outcome TEXT,                        -- JSON: counts per kind of record, or the sentence of a failure
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE TABLE import_rejection (
    import_id BIGINT NOT NULL REFERENCES import_run (id),
    line BIGINT NOT NULL,                -- header is line 1
    field TEXT NOT NULL,
    reason TEXT NOT NULL,                -- stable code
    sentence TEXT NOT NULL,              -- JSON of a kernel Sentence
    raw TEXT NOT NULL,                   -- the row as it stood in the file
    PRIMARY KEY (import_id, line)
);
