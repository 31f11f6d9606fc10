-- Further ways to reach a person, beside the ones the contact itself carries.
CREATE TABLE contact_point (
    id {SEQ},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    what TEXT NOT NULL,                  -- email phone address
    kind TEXT NOT NULL,                  -- private work mobile temporary billing other
    text TEXT NOT NULL,                  -- address or number; empty for a postal address
    text_key {KEY} NOT NULL,             -- as it is searched for; lower case
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL,               -- ISO 3166-1 alpha-2 or empty
    valid_from TEXT NOT NULL,            -- YYYY-MM-DD or empty
    valid_until TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX contact_point_contact ON contact_point (contact_id);
CREATE INDEX contact_point_text ON contact_point (text_key);

-- Who lives and who travels with whom; one row for each pair, read from both sides.
CREATE TABLE contact_link (
    id {SEQ},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    other_id BIGINT NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL,                  -- household companion
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX contact_link_contact ON contact_link (contact_id);
CREATE INDEX contact_link_other ON contact_link (other_id);
