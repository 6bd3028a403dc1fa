-- Accounts that payees have named for a benefit: their money of it goes there and not to their NemKonto.

CREATE TABLE payee_account (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    payee UUID NOT NULL,
    benefit TEXT NOT NULL, -- a module's id
    account TEXT NOT NULL, -- 14 digits
    source TEXT NOT NULL, -- what proves that the payee wants it
    state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'refused', 'ended')),
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by TEXT NOT NULL,
    confirmed_at TIMESTAMPTZ,
    confirmed_by TEXT,
    despite TEXT, -- why it was confirmed although something spoke against it
    closed_at TIMESTAMPTZ,
    closed_by TEXT,
    closed_reason TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK (state <> 'confirmed' OR confirmed_at IS NOT NULL),
    CHECK (confirmed_by <> asked_by),
    CHECK ((state IN ('refused', 'ended')) = (closed_at IS NOT NULL))
);

-- One holds at a time, and one wish waits at a time.
CREATE UNIQUE INDEX payee_account_confirmed ON payee_account (tenant, payee, benefit) WHERE state = 'confirmed';
CREATE UNIQUE INDEX payee_account_asked ON payee_account (tenant, payee, benefit) WHERE state = 'asked';
CREATE INDEX payee_account_number ON payee_account (tenant, account) WHERE state = 'confirmed';

-- The account a payment was sent to; none: the NemKonto.
ALTER TABLE payment ADD COLUMN account TEXT;
