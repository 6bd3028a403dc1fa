-- Days on which a municipality does not approve, activate or send.

CREATE TABLE freeze_window (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('approval', 'activation', 'sending')),
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    reason TEXT NOT NULL, -- in Danish
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    lifted_at TIMESTAMPTZ,
    lifted_by TEXT,
    lifted_because TEXT,
    PRIMARY KEY (tenant, id),
    CHECK (first_day <= last_day),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_because IS NULL))
);

CREATE INDEX freeze_window_in_force ON freeze_window (tenant, kind, last_day) WHERE lifted_at IS NULL;

-- A person lets one case be paid at once all the same; another one approves it.
CREATE TABLE freeze_exception (
    tenant BIGINT NOT NULL,
    freeze_id UUID NOT NULL,
    case_id UUID NOT NULL,
    reason TEXT NOT NULL, -- in Danish
    allowed_at TIMESTAMPTZ NOT NULL,
    allowed_by TEXT NOT NULL,
    PRIMARY KEY (tenant, freeze_id, case_id, allowed_by),
    FOREIGN KEY (tenant, freeze_id) REFERENCES freeze_window (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id)
);

CREATE INDEX freeze_exception_case ON freeze_exception (tenant, case_id);
