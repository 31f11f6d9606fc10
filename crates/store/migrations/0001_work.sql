-- Settings of the house, leases of tasks, one-off jobs, answers to repeated requests.
CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE task_lease (
    task TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until BIGINT NOT NULL,
    epoch BIGINT NOT NULL
);

CREATE TABLE job (
    id {ID},
    kind TEXT NOT NULL,
    state TEXT NOT NULL,                 -- queued running done failed cancelled
    payload TEXT NOT NULL,               -- JSON of the kind
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    outcome TEXT,                        -- JSON of the kind, or a sentence when it failed
    cancel_requested SMALLINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until BIGINT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE INDEX job_state ON job (state, id);

CREATE TABLE repeated_request (
    caller TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,           -- SHA-256 of method, path and body
    status SMALLINT,                     -- empty while the first one is still running
    body TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);
CREATE INDEX repeated_request_at ON repeated_request (at);
