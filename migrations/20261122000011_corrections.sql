-- Corrections: decisions on several months of a case that are signed together.

CREATE TABLE correction (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    id UUID NOT NULL,
    reason TEXT NOT NULL,
    digest BYTEA NOT NULL, -- what the approver signs
    since DATE NOT NULL, -- the earliest day it touches
    proposed_at TIMESTAMPTZ NOT NULL,
    proposed_by TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id)
);

CREATE TABLE correction_decision (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    correction_id UUID NOT NULL,
    place BIGINT NOT NULL, -- the oldest month first
    decision_id UUID NOT NULL,
    PRIMARY KEY (tenant, case_id, correction_id, place),
    UNIQUE (tenant, case_id, decision_id),
    FOREIGN KEY (tenant, case_id, correction_id) REFERENCES correction (tenant, case_id, id),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id)
);

CREATE INDEX month_run_case_case ON month_run_case (tenant, case_id, month_run);
