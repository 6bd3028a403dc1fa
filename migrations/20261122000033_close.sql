-- The month's close: decided = paid = booked = reported = ready for refund.

-- A person says why a difference may stand, and another agrees. It holds for that amount only.
CREATE TABLE close_explanation (
    tenant BIGINT NOT NULL REFERENCES municipality,
    month DATE NOT NULL, -- its first day
    key TEXT NOT NULL, -- of the difference
    amount BIGINT NOT NULL, -- øre
    reason TEXT NOT NULL,
    explained_at TIMESTAMPTZ NOT NULL,
    explained_by TEXT NOT NULL,
    accepted_at TIMESTAMPTZ,
    accepted_by TEXT,
    PRIMARY KEY (tenant, month, key),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
);

-- A benefit's month that agreed, and what it came to then.
CREATE TABLE month_close (
    tenant BIGINT NOT NULL REFERENCES municipality,
    benefit TEXT NOT NULL,
    month DATE NOT NULL, -- its first day
    closed_at TIMESTAMPTZ NOT NULL,
    closed_by TEXT NOT NULL,
    totals TEXT NOT NULL, -- JSON
    explained BIGINT NOT NULL, -- how many differences stood with an explanation
    PRIMARY KEY (tenant, benefit, month)
);

-- A month's lines are found by their last day.
CREATE INDEX posting_last_day ON posting (tenant, last_day);
CREATE INDEX decision_line_last_day ON decision_line (tenant, last_day);
CREATE INDEX payment_part_last_day ON payment_part (tenant, last_day);
CREATE INDEX payment_deduction_last_day ON payment_deduction (tenant, last_day);
CREATE INDEX paid_elsewhere_part_last_day ON paid_elsewhere_part (tenant, last_day);
CREATE INDEX report_item_last_day ON report_item (tenant, last_day);
