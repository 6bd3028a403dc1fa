-- Hearings before something is taken away, and what waits for the decision to reach the party.

CREATE TABLE hearing (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    id UUID NOT NULL,
    party UUID NOT NULL,
    first_day DATE NOT NULL,
    intended BYTEA NOT NULL, -- what the party is heard about: the lines that are intended for the days
    text TEXT NOT NULL,
    answer_days BIGINT NOT NULL CHECK (answer_days > 0),
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by TEXT NOT NULL,
    delivered_on DATE,
    channel TEXT,
    deadline DATE, -- the last day to answer
    answered_on DATE,
    answer TEXT,
    PRIMARY KEY (tenant, case_id, id),
    UNIQUE (tenant, case_id, party, first_day, intended),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id),
    CHECK ((delivered_on IS NULL) = (deadline IS NULL)),
    CHECK ((delivered_on IS NULL) = (channel IS NULL)),
    CHECK ((answered_on IS NULL) = (answer IS NULL))
);

CREATE INDEX hearing_party ON hearing (tenant, party);

-- The law lets a hearing be left out, and a person said why.
CREATE TABLE hearing_waiver (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    party UUID NOT NULL,
    first_day DATE NOT NULL,
    intended BYTEA NOT NULL,
    ground TEXT NOT NULL,
    reason TEXT NOT NULL,
    waived_at TIMESTAMPTZ NOT NULL,
    waived_by TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, party, first_day, intended),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id)
);

CREATE INDEX hearing_waiver_party ON hearing_waiver (tenant, party);

-- A decision that gives less is approved, but changes no payment before it has reached the party.
CREATE TABLE decision_hold (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('almindelig', 'dag-til-dag', 'straks')),
    due DATE NOT NULL,
    held_at TIMESTAMPTZ NOT NULL,
    delivered_on DATE,
    channel TEXT,
    released_at TIMESTAMPTZ,
    released_by TEXT,
    PRIMARY KEY (tenant, case_id, decision_id),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id),
    CHECK ((released_at IS NULL) = (delivered_on IS NULL)),
    CHECK ((released_at IS NULL) = (channel IS NULL)),
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
