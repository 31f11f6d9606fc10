-- Who is meant, what is planned, what was frozen, what left the house.
CREATE TABLE segment (
    id {ID},
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    definition TEXT NOT NULL,            -- JSON with ids, never labels
    version BIGINT NOT NULL DEFAULT 1,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived_at BIGINT
);

CREATE TABLE campaign (
    id {ID},
    name TEXT NOT NULL,
    goal TEXT NOT NULL,                  -- new_customers win_back cross_sell loyalty information
    goal_text TEXT NOT NULL DEFAULT '',
    target_orders BIGINT,
    state TEXT NOT NULL,                 -- draft approved launching running paused stopped finished evaluated cancelled
    stop_reason TEXT,                    -- JSON of a Sentence when it stopped by itself
    segment_id BIGINT REFERENCES segment (id),
    frozen_definition TEXT,
    fixed_cost_minor BIGINT NOT NULL DEFAULT 0,
    unit_cost_minor BIGINT NOT NULL DEFAULT 0,
    currency TEXT NOT NULL DEFAULT 'EUR',
    margin_ppm BIGINT NOT NULL DEFAULT 1000000,       -- margin rate in millionths
    attribution_days BIGINT NOT NULL DEFAULT 30,
    control_ppm BIGINT NOT NULL DEFAULT 0,            -- share of the control group in millionths
    control_seed BIGINT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    approved_by BIGINT,
    approved_at BIGINT,
    frozen_at BIGINT,
    launched_at BIGINT,
    finished_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE campaign_step (
    id {ID},
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    position BIGINT NOT NULL,
    channel TEXT NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    reply_to TEXT,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,                  -- as typed in the plain editor
    UNIQUE (campaign_id, position)
);

-- Targets of click redirects: looked up here, never taken from the request.
CREATE TABLE campaign_link (
    id {ID},
    step_id BIGINT NOT NULL REFERENCES campaign_step (id),
    position BIGINT NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    UNIQUE (step_id, position)
);

-- The frozen audience: everybody the segment matched, and what became of them.
CREATE TABLE audience (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    contact_id BIGINT NOT NULL,
    fate TEXT NOT NULL,                  -- treated control no_consent no_address duplicate_address suppressed archived
    PRIMARY KEY (campaign_id, contact_id)
);
CREATE INDEX audience_fate ON audience (campaign_id, fate, contact_id);

-- The ledger of messages. A message that is in doubt is never sent again by itself.
CREATE TABLE message (
    id {ID},
    campaign_id BIGINT NOT NULL,
    step_id BIGINT NOT NULL REFERENCES campaign_step (id),
    contact_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    domain TEXT NOT NULL,
    state TEXT NOT NULL,                 -- planned sending sent failed skipped in_doubt
    reason TEXT,                         -- code of a failure, a skip or a doubt
    reply TEXT,                          -- what the server said
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    owner TEXT,
    lease_until BIGINT,
    handed_at BIGINT,                    -- marked sending
    sent_at BIGINT,                      -- accepted
    bounced_at BIGINT,
    resolved_by BIGINT,
    UNIQUE (step_id, contact_id)
);
-- Small: most messages are neither planned nor on their way.
CREATE INDEX message_planned ON message (campaign_id, id) WHERE state = 'planned';
CREATE INDEX message_sending ON message (id) WHERE state = 'sending';
CREATE INDEX message_campaign ON message (campaign_id, state, contact_id);
CREATE INDEX message_contact ON message (contact_id, sent_at);

-- Addresses that must not be written to any more, whoever they belong to.
CREATE TABLE suppression (
    email_key {KEY} PRIMARY KEY,
    reason TEXT NOT NULL,                -- hard_bounce complaint
    at BIGINT NOT NULL,
    message_id BIGINT
);
