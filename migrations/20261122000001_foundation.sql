-- Municipalities, those who work in them, what was looked at and done, and work planned.

CREATE TABLE municipality (
    tenant BIGINT PRIMARY KEY, -- the municipality's code, 101 to 999
    name TEXT NOT NULL,
    cvr TEXT NOT NULL
);

CREATE TABLE worker (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id TEXT NOT NULL, -- initials
    name TEXT NOT NULL,
    rights TEXT NOT NULL, -- words separated by spaces
    PRIMARY KEY (tenant, id)
);

-- One chain for each municipality: every row's hash covers the row before it.
CREATE TABLE audit (
    tenant BIGINT NOT NULL REFERENCES municipality,
    number BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL, -- kind and id of what was looked at or changed; never a personal number
    detail TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- The end of each chain, locked while a row is added.
CREATE TABLE audit_head (
    tenant BIGINT PRIMARY KEY REFERENCES municipality,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- Work that must happen if, and only if, the transaction that planned it commits.
CREATE TABLE job (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    topic TEXT NOT NULL,
    business_key TEXT NOT NULL,
    payload TEXT NOT NULL, -- JSON, read by the topic's handler only
    planned_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL,
    lease_token UUID,
    lease_until TIMESTAMPTZ,
    last_error TEXT,
    done_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, topic, business_key)
);

CREATE INDEX job_open ON job (tenant, topic, due_at, id) WHERE done_at IS NULL;

-- Messages received from outside, so that the same one is never acted on twice.
CREATE TABLE inbox (
    tenant BIGINT NOT NULL REFERENCES municipality,
    source TEXT NOT NULL,
    message_id TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    digest BYTEA NOT NULL,
    PRIMARY KEY (tenant, source, message_id)
);
