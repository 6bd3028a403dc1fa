-- Reports to the tax authority's income register (eIndkomst), and what it said of them.

-- A file of reports. Its main id is never used again.
CREATE TABLE report_file (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    main_id TEXT NOT NULL,
    se_number TEXT NOT NULL, -- who must report
    made_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL,
    sent_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, main_id)
);

CREATE INDEX report_file_unsent ON report_file (tenant, made_at) WHERE sent_at IS NULL;

-- A report of one person's income of some days on one account, or the reversal of such a report.
CREATE TABLE report_item (
    tenant BIGINT NOT NULL REFERENCES municipality,
    report_id TEXT NOT NULL, -- given by us, never used again
    number BIGINT NOT NULL, -- its place among all items; reversals go before what is new
    file_id UUID NOT NULL,
    reverses TEXT, -- the report that is reversed
    party UUID NOT NULL,
    cpr TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    disposal DATE NOT NULL,
    income_type TEXT NOT NULL,
    income_kind TEXT NOT NULL, -- empty: none
    account TEXT NOT NULL, -- the refund account; empty: none
    earlier_period BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'received', 'accepted', 'refused', 'replaced')),
    answer TEXT, -- what was said of it, code and text
    PRIMARY KEY (tenant, report_id),
    UNIQUE (tenant, number),
    FOREIGN KEY (tenant, file_id) REFERENCES report_file (tenant, id),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id),
    FOREIGN KEY (tenant, reverses) REFERENCES report_item (tenant, report_id)
);

CREATE INDEX report_item_file ON report_item (tenant, file_id);
CREATE INDEX report_item_party ON report_item (tenant, party);
CREATE INDEX report_item_reverses ON report_item (tenant, reverses);
CREATE INDEX report_item_open ON report_item (tenant, state) WHERE state <> 'accepted';

-- What an item adds to what is reported; a reversal takes off what the report it reverses added.
CREATE TABLE report_amount (
    tenant BIGINT NOT NULL REFERENCES municipality,
    report_id TEXT NOT NULL,
    field BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount <> 0), -- øre
    PRIMARY KEY (tenant, report_id, field),
    FOREIGN KEY (tenant, report_id) REFERENCES report_item (tenant, report_id)
);

-- What a person has paid back of an income. It lowers what is reported of the days it was for.
CREATE TABLE income_repaid (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    business_key TEXT NOT NULL,
    payment_id UUID NOT NULL,
    line_key TEXT NOT NULL,
    posting_code TEXT NOT NULL,
    repaid_on DATE NOT NULL,
    gross BIGINT NOT NULL CHECK (gross > 0), -- øre
    atp BIGINT NOT NULL CHECK (atp >= 0), -- øre, as the two after it
    am_bidrag BIGINT NOT NULL CHECK (am_bidrag >= 0),
    a_tax BIGINT NOT NULL CHECK (a_tax >= 0),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, business_key),
    FOREIGN KEY (tenant, payment_id, line_key, posting_code)
        REFERENCES payment_income (tenant, payment_id, line_key, posting_code)
);

CREATE INDEX income_repaid_payment ON income_repaid (tenant, payment_id, line_key, posting_code);
