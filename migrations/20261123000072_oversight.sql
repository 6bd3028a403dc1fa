-- When one approver is not enough, and which approved decisions the management looks at.

-- Of those known from one day the one with the highest number counts.
CREATE TABLE approval_limit (
    tenant BIGINT NOT NULL REFERENCES municipality,
    number BIGINT NOT NULL,
    known_from DATE NOT NULL,
    amount BIGINT, -- øre; a decision of more takes another person; none: no limit
    deviation BIGINT, -- øre; so does one that differs by more from what was decided before
    drawn BIGINT NOT NULL CHECK (drawn >= 0), -- how many of a list are drawn by lot
    odd BIGINT NOT NULL CHECK (odd >= 0), -- and how many of the most unusual are looked at
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, number),
    CHECK (amount >= 0),
    CHECK (deviation >= 0)
);

-- Another person than who proposed it and who approves it has seen a proposal over the limit.
CREATE TABLE countersignature (
    tenant BIGINT NOT NULL,
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    digest BYTEA NOT NULL, -- what was seen
    signed_at TIMESTAMPTZ NOT NULL,
    signed_by TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, decision_id, signed_by),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id)
);

-- What the management found in a decision of the sample.
CREATE TABLE decision_review (
    tenant BIGINT NOT NULL,
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    finding TEXT NOT NULL CHECK (finding IN ('right', 'wrong')),
    note TEXT NOT NULL, -- in Danish
    found_at TIMESTAMPTZ NOT NULL,
    found_by TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, decision_id),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id)
);
