-- Citizens and companies who have shown who they are, and are here for a while.

CREATE TABLE visit (
    tenant BIGINT NOT NULL REFERENCES municipality,
    token_hash BYTEA NOT NULL, -- SHA-256; the token itself is kept nowhere
    party UUID NOT NULL, -- whom one acts for: oneself, a company or a unit of one
    person TEXT NOT NULL, -- the name of who sits there
    employee TEXT, -- the company's own number for that person (RID)
    begun_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL, -- whatever happens
    ended_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, token_hash),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id)
);
