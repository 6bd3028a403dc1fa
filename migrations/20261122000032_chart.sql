-- The municipality's own account numbers, and what was posted to its ledger.

-- Two dates: the day a number counts from, and the moment it was set. What was set stays.
CREATE TABLE account_number (
    tenant BIGINT NOT NULL REFERENCES municipality,
    account TEXT NOT NULL, -- the key, as in posting
    first_day DATE NOT NULL, -- of the booking days it counts for
    set_at TIMESTAMPTZ NOT NULL,
    number TEXT NOT NULL, -- the municipality's string; empty: none from that day
    source TEXT NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, account, first_day, set_at)
);

-- A file of postings for the municipality's own ledger.
CREATE TABLE posting_export (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    layout TEXT NOT NULL CHECK (layout IN ('csv', 'g69')),
    month DATE NOT NULL, -- its first day
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    postings BIGINT NOT NULL,
    total BIGINT NOT NULL, -- øre: the debits, which are the credits
    made_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL,
    published_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
);

CREATE INDEX posting_export_month ON posting_export (tenant, month);

-- A posting leaves once, with what it was then called, so that its file can be made again.
CREATE TABLE posting_export_row (
    tenant BIGINT NOT NULL REFERENCES municipality,
    entry_id UUID NOT NULL,
    number BIGINT NOT NULL,
    export_id UUID NOT NULL,
    serial BIGINT NOT NULL, -- through all files
    debit_number TEXT NOT NULL,
    credit_number TEXT NOT NULL,
    cpr TEXT, -- of a payee who is a citizen
    PRIMARY KEY (tenant, entry_id, number),
    UNIQUE (tenant, serial),
    FOREIGN KEY (tenant, entry_id, number) REFERENCES posting (tenant, entry_id, number),
    FOREIGN KEY (tenant, export_id) REFERENCES posting_export (tenant, id)
);

CREATE INDEX posting_export_row_export ON posting_export_row (tenant, export_id);
CREATE INDEX ledger_entry_booked ON ledger_entry (tenant, booked);
