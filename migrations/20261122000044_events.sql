-- Events from registers: the inbox, and what came of each in each case.

CREATE TABLE register_event (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    source TEXT NOT NULL, -- the register or whoever passes its events on
    message_id TEXT NOT NULL, -- never used for another event of the source
    sequence BIGINT, -- the number the source gave it; a gap is a lost event
    kind TEXT NOT NULL,
    number_kind TEXT NOT NULL CHECK (number_kind IN ('cpr', 'cvr')),
    number TEXT NOT NULL,
    day DATE NOT NULL, -- the day it happened
    until DATE, -- its last day, where it has one
    known DATE NOT NULL, -- the day the register knew it
    municipality BIGINT, -- where the person lives since
    name TEXT,
    digest BYTEA NOT NULL, -- of all it says: the same message id with other content is refused
    received_at TIMESTAMPTZ NOT NULL,
    received_on DATE NOT NULL, -- the day it was in Denmark
    received_by TEXT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL, -- moves of one household wait for each other
    judged_at TIMESTAMPTZ,
    reason TEXT, -- what came of it, in Danish
    attempts BIGINT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, source, message_id),
    CHECK ((judged_at IS NULL) = (reason IS NULL))
);

CREATE INDEX register_event_due ON register_event (tenant, due_at) WHERE judged_at IS NULL;
CREATE INDEX register_event_about ON register_event (tenant, number_kind, number, day);
CREATE INDEX register_event_sequence ON register_event (tenant, source, sequence);
CREATE INDEX register_event_received ON register_event (tenant, received_on);
CREATE INDEX register_event_newest ON register_event (tenant, received_at, id);

-- What came of an event in one case.
CREATE TABLE event_outcome (
    tenant BIGINT NOT NULL REFERENCES municipality,
    event_id UUID NOT NULL,
    case_id UUID NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('noted', 'same', 'ignored', 'overtaken', 'asked')),
    reason TEXT NOT NULL,
    task_key TEXT, -- of the task that tells a person
    held BOOLEAN NOT NULL, -- whether money is kept back until somebody has looked
    before BIGINT NOT NULL, -- øre, of the months concerned
    after BIGINT NOT NULL,
    PRIMARY KEY (tenant, event_id, case_id),
    FOREIGN KEY (tenant, event_id) REFERENCES register_event (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK ((verdict = 'asked') = (task_key IS NOT NULL)),
    CHECK (verdict = 'asked' OR NOT held)
);

CREATE INDEX event_outcome_case ON event_outcome (tenant, case_id);

-- A caseworker's word that a kind of event means nothing in a case for a while.
CREATE TABLE event_ignore (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    until DATE NOT NULL,
    reason TEXT NOT NULL,
    said_at TIMESTAMPTZ NOT NULL,
    said_by TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_by TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

CREATE INDEX event_ignore_case ON event_ignore (tenant, case_id, kind);

-- How many days the moves of one household wait for each other, from a day on.
CREATE TABLE event_window (
    tenant BIGINT NOT NULL REFERENCES municipality,
    known_from DATE NOT NULL,
    days BIGINT NOT NULL CHECK (days BETWEEN 0 AND 14),
    reason TEXT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, known_from)
);

-- Messages that could not be read: kept as they came, until a person has dealt with them.
CREATE TABLE event_unread (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    body BYTEA NOT NULL,
    reason TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    settled_by TEXT,
    settled_because TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, digest),
    CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
    CHECK ((settled_at IS NULL) = (settled_because IS NULL))
);

CREATE INDEX event_unread_open ON event_unread (tenant, received_at) WHERE settled_at IS NULL;
