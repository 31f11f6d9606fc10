-- Who we know already: by telephone number, and companies by the mail domain of their people.
CREATE INDEX contact_phone ON contact (phone) WHERE phone IS NOT NULL;
CREATE INDEX contact_mail_domain ON contact ({DOMAIN}) WHERE company_id IS NOT NULL;

-- What an import brought can be taken back: its consents are known by it, and what became of taking it back is kept (JSON).
ALTER TABLE consent ADD COLUMN import_id BIGINT;
CREATE INDEX consent_import ON consent (import_id, id) WHERE import_id IS NOT NULL;
ALTER TABLE import_run ADD COLUMN reverted TEXT;

-- How a file with these columns was read last, so that the next one is read the same way.
CREATE TABLE import_mapping (
    kind TEXT NOT NULL,
    headers {KEY} NOT NULL,              -- fingerprint of the columns' names
    name TEXT NOT NULL,                  -- the file it was made for
    mapping TEXT NOT NULL,               -- JSON
    used_at BIGINT NOT NULL,
    PRIMARY KEY (kind, headers)
);
