-- How workers show who they are.

CREATE TABLE credential (
    tenant BIGINT NOT NULL,
    worker TEXT NOT NULL,
    password TEXT NOT NULL, -- Argon2id with its salt and cost, in the PHC format
    set_at TIMESTAMPTZ NOT NULL,
    failures BIGINT NOT NULL, -- wrong passwords since the last right one
    last_failure TIMESTAMPTZ,
    PRIMARY KEY (tenant, worker),
    FOREIGN KEY (tenant, worker) REFERENCES worker (tenant, id)
);

-- Whoever has the token is the worker: a browser's session, or the key of another system. The token
-- itself is kept nowhere.
CREATE TABLE login (
    tenant BIGINT NOT NULL,
    token_hash BYTEA NOT NULL, -- SHA-256
    worker TEXT NOT NULL,
    kind TEXT NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL, -- whatever happens
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, token_hash),
    FOREIGN KEY (tenant, worker) REFERENCES worker (tenant, id)
);

CREATE INDEX login_open ON login (tenant, worker) WHERE ended_at IS NULL;
