-- What a house wants to know of people beyond the master data: defined in the interface, each with its purpose, its legal basis
-- and how long it may be kept.
CREATE TABLE attribute (
    id {ID},
    key {KEY} NOT NULL UNIQUE,           -- never changes: segments, templates and programs name it
    kind TEXT NOT NULL,                  -- text choice number money day flag
    label_de TEXT NOT NULL,
    label_en TEXT NOT NULL,
    choices TEXT NOT NULL,               -- JSON [{"code", "de", "en"}]
    minimum BIGINT,                      -- of numbers and money
    maximum BIGINT,
    purpose TEXT NOT NULL,               -- what for: a text the person concerned can read
    basis TEXT NOT NULL,                 -- consent contract legal_obligation vital_interests public_task legitimate_interests
    retention_days BIGINT,               -- empty: as long as the contact is kept
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT
);

CREATE TABLE attribute_value (
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    attribute_id BIGINT NOT NULL REFERENCES attribute (id),
    text TEXT,                           -- as written; the code of a choice; a day as YYYY-MM-DD
    text_key {KEY},                      -- folded text, a code or a day as it is
    number BIGINT,                       -- whole number, minor units, 1 for yes and 0 for no
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (contact_id, attribute_id)
);
CREATE INDEX attribute_value_text ON attribute_value (attribute_id, text_key, contact_id);
CREATE INDEX attribute_value_number ON attribute_value (attribute_id, number, contact_id);

-- Lists kept by hand: a word on a person.
CREATE TABLE tag (
    id {ID},
    name TEXT NOT NULL,
    name_key {KEY} NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE contact_tag (
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (contact_id, tag_id)
);
CREATE INDEX contact_tag_tag ON contact_tag (tag_id, contact_id);
