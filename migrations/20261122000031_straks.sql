-- Paying again at once takes two persons: one asks, and another does it.

CREATE TABLE pay_again_request (
    tenant BIGINT NOT NULL REFERENCES municipality,
    payment_id UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by TEXT NOT NULL,
    paid_as UUID, -- the payment it became
    PRIMARY KEY (tenant, payment_id),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id),
    FOREIGN KEY (tenant, paid_as) REFERENCES payment (tenant, id)
);

CREATE INDEX pay_again_request_paid_as ON pay_again_request (tenant, paid_as);
CREATE INDEX payment_straks ON payment (tenant, disposal) WHERE lane = 'straks';
