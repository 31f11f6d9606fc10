-- A file that belongs to a record. The bytes lie in a repository, never here.
CREATE TABLE document (
    id {ID},
    subject_kind TEXT NOT NULL,          -- contact company campaign
    subject_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    current BIGINT NOT NULL,             -- number of the newest version
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    removed_at BIGINT,                   -- can be taken back until it is swept
    removed_by TEXT
);
CREATE INDEX document_subject ON document (subject_kind, subject_id, id);
CREATE INDEX document_removed ON document (removed_at) WHERE removed_at IS NOT NULL;

-- What a document was, version by version.
CREATE TABLE document_version (
    document_id BIGINT NOT NULL REFERENCES document (id),
    number BIGINT NOT NULL,              -- from 1
    place TEXT NOT NULL,                 -- own: laid there by us; linked: lies in a store of others and is only read
    path {KEY} NOT NULL,
    content_type TEXT NOT NULL,          -- by content, never by name
    size BIGINT NOT NULL,                -- bytes
    sha256 TEXT,                         -- hex; none for what is linked
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (document_id, number)
);

-- Bytes in our own repository that belong to no document: not yet, because they are just being laid there, or no more.
CREATE TABLE document_loose (
    path {KEY} PRIMARY KEY,
    due_at BIGINT NOT NULL               -- from then on they may be taken away
);
CREATE INDEX document_loose_due ON document_loose (due_at);
