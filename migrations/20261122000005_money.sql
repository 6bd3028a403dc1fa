-- The ledger, payments, files to the bank and notices to payees.

-- Append-only. One business key, one transaction, for ever.
CREATE TABLE ledger_entry (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    business_key TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('decision', 'payment-file', 'bank-answer', 'payment')),
    cause_id UUID NOT NULL,
    moment TIMESTAMPTZ NOT NULL,
    booked DATE NOT NULL,
    booked_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, business_key)
);

-- A row is both sides of a posting, so the ledger sums to zero by construction.
CREATE TABLE posting (
    tenant BIGINT NOT NULL REFERENCES municipality,
    entry_id UUID NOT NULL,
    number BIGINT NOT NULL,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), -- øre
    case_id UUID NOT NULL,
    payee UUID NOT NULL,
    line_key TEXT NOT NULL,
    posting_code TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    PRIMARY KEY (tenant, entry_id, number),
    FOREIGN KEY (tenant, entry_id) REFERENCES ledger_entry (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    CHECK (debit <> credit)
);

CREATE INDEX posting_case ON posting (tenant, case_id, first_day);
CREATE INDEX posting_payee ON posting (tenant, payee);

CREATE TABLE payment_file (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    message_id TEXT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('almindelig', 'dag-til-dag', 'straks')),
    disposal DATE NOT NULL,
    payments BIGINT NOT NULL,
    total BIGINT NOT NULL, -- øre
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL,
    published_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, message_id)
);

CREATE TABLE payment (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    business_key TEXT NOT NULL,
    end_to_end TEXT NOT NULL, -- the key in every answer from the bank
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    payee UUID NOT NULL,
    payee_kind TEXT NOT NULL CHECK (payee_kind IN ('cpr', 'cvr', 'se', 'p')),
    payee_number TEXT NOT NULL, -- as it was when decided, so that a file can be made again
    payee_name TEXT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('almindelig', 'dag-til-dag', 'straks')),
    disposal DATE NOT NULL, -- the bank day the money is at the payee's disposal
    send_by DATE NOT NULL, -- the bank day it must leave to be there in time
    amount BIGINT NOT NULL CHECK (amount >= 0), -- øre; nothing, when all of it was held back
    message TEXT NOT NULL, -- on the payee's statement
    state TEXT NOT NULL CHECK (
        state IN ('planned', 'sent', 'received', 'accepted', 'settled', 'stopped', 'rejected', 'returned', 'unknown')
    ),
    state_reason TEXT NOT NULL,
    version BIGINT NOT NULL, -- the number of its last event
    file_id UUID,
    planned_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, business_key),
    UNIQUE (tenant, end_to_end),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    FOREIGN KEY (tenant, file_id) REFERENCES payment_file (tenant, id),
    CHECK (state IN ('planned', 'stopped') OR file_id IS NOT NULL OR amount = 0)
);

CREATE INDEX payment_decision ON payment (tenant, case_id, decision_id);
CREATE INDEX payment_payee ON payment (tenant, payee);
CREATE INDEX payment_planned ON payment (tenant, send_by) WHERE state = 'planned';
CREATE INDEX payment_troubled ON payment (tenant, case_id) WHERE state IN ('rejected', 'returned', 'unknown');
CREATE INDEX payment_file_id ON payment (tenant, file_id, end_to_end);

-- What a payment is made of; the parts sum to the whole.
CREATE TABLE payment_part (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    line_key TEXT NOT NULL,
    posting_code TEXT NOT NULL,
    account TEXT NOT NULL, -- the expense account's key
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), -- øre
    PRIMARY KEY (tenant, payment_id, line_key, posting_code, account),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id)
);

-- Every state a payment has been in. The rows one act wrote share a change, and move the payments together.
CREATE TABLE payment_event (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    number BIGINT NOT NULL,
    change UUID NOT NULL,
    state TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    moved_by TEXT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (tenant, payment_id, number),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id)
);

CREATE INDEX payment_event_change ON payment_event (tenant, change);

-- What a payee is told about a payment; the text, not the envelope.
CREATE TABLE notice (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    business_key TEXT NOT NULL,
    recipient UUID NOT NULL,
    case_id UUID NOT NULL,
    payment_id UUID NOT NULL,
    disposal DATE NOT NULL,
    content TEXT NOT NULL, -- JSON
    created_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ, -- the payment was stopped before it left
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, business_key),
    FOREIGN KEY (tenant, recipient) REFERENCES party (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id)
);

CREATE INDEX notice_recipient ON notice (tenant, recipient);
CREATE INDEX notice_case ON notice (tenant, case_id);
CREATE INDEX notice_payment ON notice (tenant, payment_id);
CREATE INDEX notice_disposal ON notice (tenant, disposal);

-- An amount that was paid and is no longer due. It becomes a claim only by a decision on a ground of law.
CREATE TABLE overpayment (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    line_key TEXT NOT NULL,
    payee UUID NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0), -- øre
    found_at TIMESTAMPTZ NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by UUID, -- the later decision that counted the line anew
    PRIMARY KEY (tenant, case_id, decision_id, line_key, payee),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id),
    FOREIGN KEY (tenant, payee) REFERENCES party (tenant, id),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);

CREATE UNIQUE INDEX overpayment_open ON overpayment (tenant, case_id, line_key, payee) WHERE closed_at IS NULL;
CREATE INDEX overpayment_payee ON overpayment (tenant, payee);
