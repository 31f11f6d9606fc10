-- People who work here, what they may do, and what they did.
CREATE TABLE staff_user (
    id {ID},
    login TEXT NOT NULL UNIQUE,          -- e-mail address in lower case
    name TEXT NOT NULL,
    password_hash TEXT,                  -- argon2id PHC string; empty until the one-time link was used
    locale TEXT NOT NULL DEFAULT 'de',
    active SMALLINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    password_changed_at BIGINT,
    last_login_at BIGINT
);

CREATE TABLE staff_role (
    user_id BIGINT NOT NULL REFERENCES staff_user (id),
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
);

CREATE TABLE staff_session (
    fingerprint TEXT PRIMARY KEY,        -- SHA-256 of the cookie
    user_id BIGINT NOT NULL REFERENCES staff_user (id),
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    renew SMALLINT NOT NULL DEFAULT 0    -- roles changed: the next page brings a new cookie
);
CREATE INDEX staff_session_user ON staff_session (user_id);

-- One-time links: first administrator, invitation, forgotten password.
CREATE TABLE staff_link (
    fingerprint TEXT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES staff_user (id),
    purpose TEXT NOT NULL,               -- first_administrator invitation reset
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE api_token (
    id {ID},
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,                 -- JSON list
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE audit_entry (
    id {ID},
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,            -- user token system
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,                -- e.g. contact.changed
    subject_kind TEXT NOT NULL,
    subject_id BIGINT,
    detail TEXT NOT NULL,                -- JSON: what changed; never a secret
    address TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_entry_subject ON audit_entry (subject_kind, subject_id, id);
CREATE INDEX audit_entry_at ON audit_entry (at);
