-- Payments kept back until a person says that they go, or the days are decided anew.

CREATE TABLE payment_hold (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    payee UUID NOT NULL,
    since DATE NOT NULL, -- payments with days from here on are kept back
    reason TEXT NOT NULL, -- in Danish
    placed_at TIMESTAMPTZ NOT NULL,
    placed_by TEXT NOT NULL,
    released_at TIMESTAMPTZ,
    released_by TEXT,
    released_because TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    CHECK ((released_at IS NULL) = (released_by IS NULL)),
    CHECK ((released_at IS NULL) = (released_because IS NULL))
);

-- One question holds a payee's money once.
CREATE UNIQUE INDEX payment_hold_open ON payment_hold (tenant, case_id, payee, since) WHERE released_at IS NULL;
CREATE INDEX payment_hold_case ON payment_hold (tenant, case_id);
CREATE INDEX payment_hold_payee ON payment_hold (tenant, payee);
