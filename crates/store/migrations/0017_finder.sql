-- Saved views of the list of contacts: its address, for one person or for all.
CREATE TABLE contact_view (
    id {ID},
    owner_id BIGINT NOT NULL,            -- user
    name TEXT NOT NULL,
    query TEXT NOT NULL,                 -- query part of the list's address
    shared SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT                    -- kept, so that removing can be taken back
);
CREATE INDEX contact_view_owner ON contact_view (owner_id);

-- The view somebody's list opens with.
CREATE TABLE contact_view_default (
    user_id BIGINT PRIMARY KEY,
    view_id BIGINT NOT NULL REFERENCES contact_view (id)
);

-- One value for many contacts: planned, looked at, done in pages, taken back as a whole.
CREATE TABLE contact_bulk (
    id {ID},
    field TEXT NOT NULL,                 -- kind owner language source archived
    value TEXT,
    list TEXT NOT NULL,                  -- address of the list it was begun from
    state TEXT NOT NULL,                 -- planned running done cancelled
    total BIGINT NOT NULL,
    done BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    reached BIGINT NOT NULL DEFAULT 0,   -- the last contact that is through
    set_id BIGINT REFERENCES change_set (id),
    undoes BIGINT REFERENCES contact_bulk (id),
    job_id BIGINT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE TABLE contact_bulk_member (
    bulk_id BIGINT NOT NULL REFERENCES contact_bulk (id),
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (bulk_id, contact_id)
);
