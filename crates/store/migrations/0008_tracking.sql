-- Websites and programs that tell what people do there, the visitors they know, and who these turned out to be.
CREATE TABLE tracking_source (
    id {ID},
    name TEXT NOT NULL,
    write_key {KEY} NOT NULL UNIQUE,     -- public by nature: it stands in the pages of the website
    origins TEXT NOT NULL,               -- JSON list of web origins; an empty one takes browsers from everywhere
    creates_leads SMALLINT NOT NULL DEFAULT 0,
    fills_contacts SMALLINT NOT NULL DEFAULT 0,
    counts_anonymously SMALLINT NOT NULL DEFAULT 1,
    active SMALLINT NOT NULL DEFAULT 1,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One browser as one person used it. Another person on the same device begins a new one; history stays with the first.
CREATE TABLE visitor (
    id {ID},
    source_id BIGINT NOT NULL REFERENCES tracking_source (id),
    known_as {KEY} NOT NULL,             -- anonymous id, or user:<id> for whoever is known by the sender's id alone
    user_id TEXT,                        -- the sender's id of the person
    contact_id BIGINT,
    edge_id BIGINT,                      -- which edge says so
    current SMALLINT NOT NULL DEFAULT 1,
    first_seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX visitor_current ON visitor (source_id, known_as) WHERE current = 1;

-- Who a visitor is. Nothing here is deleted: an edge that was wrong says when it was taken back.
CREATE TABLE identity_edge (
    id {ID},
    visitor_id BIGINT NOT NULL REFERENCES visitor (id),
    contact_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    evidence TEXT NOT NULL,              -- customer_number email user_id lead
    user_id TEXT,                        -- the sender's id it came with
    undone_at BIGINT,
    undone_by BIGINT
);
CREATE INDEX identity_edge_contact ON identity_edge (contact_id, id);
CREATE INDEX identity_edge_visitor ON identity_edge (visitor_id, contact_id);

-- Names of browsers and programs, each once.
CREATE TABLE user_agent (
    id {ID},
    name {KEY} NOT NULL UNIQUE
);

ALTER TABLE interaction ADD COLUMN edge_id BIGINT;   -- the edge through which contact_id came in, if one did
ALTER TABLE interaction ADD COLUMN agent_id BIGINT;  -- user_agent of a web event
ALTER TABLE interaction ADD COLUMN pace BIGINT;      -- pages the visitor saw in the ten seconds up to it; set on web events
CREATE INDEX interaction_visitor ON interaction (visitor_id) WHERE visitor_id IS NOT NULL;

-- The last events of each source and what became of them: a ring, kept short.
CREATE TABLE tracking_sight (
    id {ID},
    source_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    call TEXT NOT NULL,                  -- track page screen identify group alias
    name TEXT NOT NULL,
    who TEXT NOT NULL,
    outcome TEXT NOT NULL,               -- recorded duplicate identified counted dropped refused
    seq BIGINT,
    reason TEXT                          -- JSON of a Sentence
);
CREATE INDEX tracking_sight_source ON tracking_sight (source_id, id);
