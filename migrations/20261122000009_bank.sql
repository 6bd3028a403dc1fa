-- What the bank tells after a payment has left: stops, statements, and what does not add up.

-- Whether the bank has drawn it from the municipality's account, also when it gave it back since.
ALTER TABLE payment ADD COLUMN drawn BOOLEAN NOT NULL DEFAULT FALSE;

-- A file that asks the bank to stop payments.
CREATE TABLE stop_file (
    tenant BIGINT NOT NULL REFERENCES municipality,
    message_id TEXT NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL,
    published_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, message_id)
);

-- A payment the bank has is asked about once. The bank's last word on it closes the request.
CREATE TABLE stop_request (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'sent', 'pending', 'stopped', 'refused')),
    reason TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by TEXT NOT NULL,
    message_id TEXT, -- of the file it went in
    answered_at TIMESTAMPTZ,
    answer TEXT,
    PRIMARY KEY (tenant, payment_id),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id),
    FOREIGN KEY (tenant, message_id) REFERENCES stop_file (tenant, message_id),
    CHECK (state NOT IN ('sent', 'pending') OR message_id IS NOT NULL),
    CHECK ((state IN ('stopped', 'refused')) = (answered_at IS NOT NULL)),
    CHECK ((answered_at IS NULL) = (answer IS NULL))
);

CREATE INDEX stop_request_asked ON stop_request (tenant, payment_id) WHERE state = 'asked';
CREATE INDEX stop_request_message ON stop_request (tenant, message_id);

-- A day of the municipality's account, as the bank tells it.
CREATE TABLE bank_statement (
    tenant BIGINT NOT NULL REFERENCES municipality,
    account TEXT NOT NULL,
    id TEXT NOT NULL, -- the bank's
    number BIGINT, -- the bank's, one higher each time
    day DATE NOT NULL, -- of the closing balance
    opening BIGINT NOT NULL, -- øre
    closing BIGINT NOT NULL, -- øre
    message_id TEXT NOT NULL, -- the answer it came in
    PRIMARY KEY (tenant, account, id)
);

CREATE INDEX bank_statement_day ON bank_statement (tenant, account, day);

-- What moved on the account: one row for each payment named, else one for the whole entry.
CREATE TABLE bank_entry (
    tenant BIGINT NOT NULL REFERENCES municipality,
    account TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    day DATE NOT NULL,
    amount BIGINT NOT NULL, -- øre; what left the account is below zero
    reference TEXT, -- the bank's
    payment_id UUID,
    file_id UUID, -- when the bank books a file as one amount
    PRIMARY KEY (tenant, account, statement_id, number),
    FOREIGN KEY (tenant, account, statement_id) REFERENCES bank_statement (tenant, account, id),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id),
    FOREIGN KEY (tenant, file_id) REFERENCES payment_file (tenant, id),
    CHECK (payment_id IS NULL OR file_id IS NULL)
);

CREATE INDEX bank_entry_payment ON bank_entry (tenant, payment_id);
CREATE INDEX bank_entry_file ON bank_entry (tenant, file_id);
CREATE INDEX bank_entry_day ON bank_entry (tenant, day);

-- Something that does not add up, from the day it was found until it is gone.
CREATE TABLE payment_break (
    tenant BIGINT NOT NULL REFERENCES municipality,
    key TEXT NOT NULL, -- the same break has the same key
    found_on DATE NOT NULL,
    kind TEXT NOT NULL,
    case_id UUID,
    amount BIGINT NOT NULL, -- øre; more at the first of what is compared than at the second
    title TEXT NOT NULL,
    owner TEXT NOT NULL, -- a worker's initials
    closed_on DATE,
    PRIMARY KEY (tenant, key, found_on),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES worker (tenant, id)
);

CREATE UNIQUE INDEX payment_break_open ON payment_break (tenant, key) WHERE closed_on IS NULL;
CREATE INDEX payment_break_case ON payment_break (tenant, case_id);
CREATE INDEX payment_break_owner ON payment_break (tenant, owner);
