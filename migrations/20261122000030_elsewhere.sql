-- Money of the municipality that another system has paid, such as on account through the ERP.

CREATE TABLE paid_elsewhere (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    payee UUID NOT NULL,
    posting_code TEXT NOT NULL,
    first_day DATE NOT NULL, -- of what it was paid for
    last_day DATE NOT NULL,
    system TEXT NOT NULL,
    voucher TEXT NOT NULL,
    paid_on DATE NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), -- øre, before tax
    state TEXT NOT NULL CHECK (state IN ('registered', 'confirmed', 'take-back-asked', 'taken-back')),
    registered_at TIMESTAMPTZ NOT NULL,
    registered_by TEXT NOT NULL,
    confirmed_at TIMESTAMPTZ,
    confirmed_by TEXT,
    take_back_reason TEXT,
    take_back_asked_at TIMESTAMPTZ,
    take_back_asked_by TEXT,
    taken_back_at TIMESTAMPTZ,
    taken_back_by TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    CHECK (first_day <= last_day),
    CHECK (state NOT IN ('confirmed', 'take-back-asked') OR confirmed_at IS NOT NULL),
    CHECK ((state = 'taken-back') = (taken_back_at IS NOT NULL)),
    CHECK ((take_back_reason IS NULL) = (take_back_asked_at IS NULL))
);

-- A voucher may pay several cases, and each of them once.
CREATE UNIQUE INDEX paid_elsewhere_once
    ON paid_elsewhere (tenant, system, voucher, case_id, payee, posting_code, first_day) WHERE state <> 'taken-back';
CREATE INDEX paid_elsewhere_case ON paid_elsewhere (tenant, case_id);
CREATE INDEX paid_elsewhere_payee ON paid_elsewhere (tenant, payee);
CREATE INDEX paid_elsewhere_open
    ON paid_elsewhere (tenant, id) WHERE state IN ('registered', 'take-back-asked');

-- The lines it was paid for; the parts sum to the whole.
CREATE TABLE paid_elsewhere_part (
    tenant BIGINT NOT NULL REFERENCES municipality,
    elsewhere_id UUID NOT NULL,
    line_key TEXT NOT NULL,
    account TEXT NOT NULL, -- the expense account's key
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), -- øre, as those after it
    atp BIGINT NOT NULL CHECK (atp >= 0),
    am_bidrag BIGINT NOT NULL CHECK (am_bidrag >= 0),
    a_tax BIGINT NOT NULL CHECK (a_tax >= 0),
    pension BIGINT NOT NULL CHECK (pension >= 0),
    field BIGINT CHECK (field IN (13, 14)), -- none: nobody's income
    report TEXT, -- JSON: what the manifest says of reporting it
    PRIMARY KEY (tenant, elsewhere_id, line_key),
    FOREIGN KEY (tenant, elsewhere_id) REFERENCES paid_elsewhere (tenant, id),
    CHECK (atp + am_bidrag + a_tax <= amount),
    CHECK (field IS NOT NULL OR (atp = 0 AND am_bidrag = 0 AND a_tax = 0 AND pension = 0))
);
