-- From gross to net, and what the tax authority is told of it.

-- Two dates: the days a card applies to, and the day we knew of it. What was known stays.
CREATE TABLE tax_card (
    tenant BIGINT NOT NULL REFERENCES municipality,
    party UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('main', 'secondary', 'free')),
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    allowance BIGINT CHECK (allowance >= 0), -- øre a month on a main card, a year on a free one
    first_day DATE NOT NULL,
    last_day DATE, -- none: until further notice
    known_from DATE NOT NULL,
    source TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (tenant, party, id),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id),
    CHECK (last_day IS NULL OR first_day <= last_day),
    CHECK ((percent IS NULL) = (kind = 'free')),
    CHECK ((allowance IS NULL) = (kind = 'secondary'))
);

-- The municipality's choice where the rules are open or not verified; the defaults are in the program.
CREATE TABLE tax_setting (
    tenant BIGINT NOT NULL REFERENCES municipality,
    key TEXT NOT NULL,
    first_day DATE NOT NULL,
    known_from DATE NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, key, first_day, known_from)
);

-- Locked while somebody's tax is worked out, so that no allowance is used twice.
CREATE TABLE tax_payer (
    tenant BIGINT NOT NULL REFERENCES municipality,
    party UUID NOT NULL,
    PRIMARY KEY (tenant, party),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id)
);

-- What the payee gets of a part, after deductions.
ALTER TABLE payment_part ADD COLUMN net BIGINT NOT NULL DEFAULT 0 CHECK (net >= 0 AND net <= amount);
UPDATE payment_part SET net = amount;

-- How a payment was taxed.
CREATE TABLE payment_tax (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    card TEXT NOT NULL CHECK (card IN ('main', 'secondary', 'free', 'none')),
    percent BIGINT NOT NULL,
    taxed_on DATE NOT NULL, -- the disposal day it was worked out for
    allowance_used BIGINT NOT NULL CHECK (allowance_used >= 0), -- øre
    PRIMARY KEY (tenant, payment_id),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id)
);

-- What was taken from the gross before the rest was paid, and the account it went to.
CREATE TABLE payment_deduction (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    number BIGINT NOT NULL,
    account TEXT NOT NULL, -- as in the ledger
    title TEXT NOT NULL, -- as the payee is told it
    line_key TEXT NOT NULL,
    posting_code TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), -- øre
    PRIMARY KEY (tenant, payment_id, number),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id)
);

-- The part of a payment that is its payee's income.
CREATE TABLE payment_income (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    line_key TEXT NOT NULL,
    posting_code TEXT NOT NULL,
    field BIGINT NOT NULL CHECK (field IN (13, 14)),
    amount BIGINT NOT NULL CHECK (amount >= 0), -- øre, after the person's own contributions
    pension BIGINT NOT NULL CHECK (pension >= 0), -- øre of obligatory pension, on top of the benefit
    report TEXT, -- JSON: what the manifest says of reporting it
    PRIMARY KEY (tenant, payment_id, line_key, posting_code),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id)
);
