-- What people of the house have to do, to follow up and to be at.
CREATE TABLE agenda_item (
    id {ID},
    kind TEXT NOT NULL,                  -- task follow_up appointment
    title TEXT NOT NULL,
    note TEXT NOT NULL,
    contact_id BIGINT REFERENCES contact (id),
    assignee_id BIGINT NOT NULL REFERENCES staff_user (id),
    created_by BIGINT NOT NULL REFERENCES staff_user (id),
    due_at BIGINT,                       -- when an appointment begins; empty: some time
    whole_day SMALLINT NOT NULL,         -- 1: the day counts, not the time
    ends_at BIGINT,                      -- of appointments
    remind_at BIGINT,
    reminded_at BIGINT,
    done_at BIGINT,
    removed_at BIGINT,                   -- kept, so that removing can be taken back
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX agenda_item_assignee ON agenda_item (assignee_id, due_at, id);
CREATE INDEX agenda_item_contact ON agenda_item (contact_id, id);
CREATE INDEX agenda_item_reminder ON agenda_item (remind_at) WHERE reminded_at IS NULL;

-- Who reads their agenda with a calendar program; another generation closes the link that was handed out before.
CREATE TABLE calendar_feed (
    user_id BIGINT PRIMARY KEY REFERENCES staff_user (id),
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
