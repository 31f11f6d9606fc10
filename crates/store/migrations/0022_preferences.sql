-- What somebody said is still right about a person (Art. 5 (1) (d) GDPR): the person on a page of their own, or staff who asked.
CREATE TABLE data_confirmation (
    id {ID},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    detail TEXT NOT NULL,                -- email phone address
    at BIGINT NOT NULL,
    confirmed_by TEXT NOT NULL           -- person, or the name of the member of staff
);
CREATE INDEX data_confirmation_contact ON data_confirmation (contact_id, detail, at);

-- People asked by mail to look through their data; the sealed link names the row.
CREATE TABLE confirmation_request (
    id {ID},
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    address TEXT NOT NULL,
    asked_by TEXT NOT NULL,              -- person, or the name of the member of staff
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL,                 -- asked sent failed answered
    sent_at BIGINT,
    answered_at BIGINT,
    answered_from TEXT                   -- network address
);
CREATE INDEX confirmation_request_contact ON confirmation_request (contact_id, id);
CREATE INDEX confirmation_request_asked ON confirmation_request (id) WHERE state = 'asked';

CREATE INDEX interaction_returned ON interaction (contact_id, occurred_at) WHERE kind = 'returned';
