-- The append-only log: everything that happened between a person and us.
CREATE TABLE interaction (
    seq {SEQ},
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    contact_id BIGINT,
    visitor_id BIGINT,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    campaign_id BIGINT,
    message_id BIGINT,
    product_id BIGINT,
    value_minor BIGINT,
    currency TEXT,
    subject TEXT,
    url TEXT,
    verdict TEXT NOT NULL,               -- human machine unknown
    reasons TEXT,                        -- comma-separated codes that led to the verdict
    props TEXT                           -- small JSON
);
CREATE INDEX interaction_contact_at ON interaction (contact_id, occurred_at);
CREATE INDEX interaction_campaign ON interaction (campaign_id, kind, verdict, contact_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX interaction_kind_at ON interaction (kind, occurred_at, channel, contact_id, verdict);
CREATE INDEX interaction_message ON interaction (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX interaction_at ON interaction (occurred_at);

-- Ids given by senders, kept for 30 days so that a second delivery changes nothing.
CREATE TABLE interaction_key (
    event_id {KEY} PRIMARY KEY,
    seq BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX interaction_key_at ON interaction_key (received_at);

-- Where each follower of the log stands.
CREATE TABLE follower (
    name TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);
