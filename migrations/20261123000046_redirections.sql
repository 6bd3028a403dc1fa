-- Parts of a payee's money that go to others for it, such as the rent to a landlord.

CREATE TABLE redirection (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    payee UUID NOT NULL, -- whose money it is
    benefit TEXT NOT NULL, -- a module's id
    receiver UUID NOT NULL, -- who gets it
    account TEXT, -- 14 digits; none: the receiver's NemKonto
    reference TEXT NOT NULL, -- what the receiver knows it by
    priority BIGINT NOT NULL CHECK (priority > 0), -- the lowest is paid first
    amount BIGINT CHECK (amount > 0), -- øre in a calendar month; none: all that is left
    first_day DATE NOT NULL, -- the days money is at disposal
    last_day DATE,
    ground TEXT NOT NULL, -- what in law or agreement allows it
    state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'refused', 'ended')),
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by TEXT NOT NULL,
    confirmed_at TIMESTAMPTZ,
    confirmed_by TEXT,
    closed_at TIMESTAMPTZ,
    closed_by TEXT,
    closed_reason TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    FOREIGN KEY (tenant, receiver) REFERENCES party (tenant, id),
    CHECK (receiver <> payee),
    CHECK (last_day >= first_day),
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK (state <> 'confirmed' OR confirmed_at IS NOT NULL),
    CHECK (confirmed_by <> asked_by),
    CHECK ((state IN ('refused', 'ended')) = (closed_at IS NOT NULL))
);

CREATE INDEX redirection_payee ON redirection (tenant, payee) WHERE state = 'confirmed';
CREATE INDEX redirection_asked ON redirection (tenant, id) WHERE state = 'asked';

-- Who gets a payment, where that is not the payee whose money it is, and why.
ALTER TABLE payment ADD COLUMN receiver UUID;
ALTER TABLE payment ADD COLUMN redirection UUID;

CREATE INDEX payment_redirection ON payment (tenant, redirection, disposal) WHERE redirection IS NOT NULL;
