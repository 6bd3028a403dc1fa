-- What the common benefit index (Ydelsesindeks) has been told.

-- A file of registrations for the index.
CREATE TABLE index_file (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    registrations BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL,
    published_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
);

-- Each registration of a grant or an effectuation. The newest says what the index holds.
CREATE TABLE index_registration (
    tenant BIGINT NOT NULL REFERENCES municipality,
    object_id UUID NOT NULL, -- of the case, or of the payment
    number BIGINT NOT NULL, -- from 1
    life_cycle TEXT NOT NULL CHECK (life_cycle IN ('opstaaet', 'rettet', 'slettet')),
    content TEXT NOT NULL, -- JSON
    file_id UUID NOT NULL,
    place BIGINT NOT NULL, -- in the file
    PRIMARY KEY (tenant, object_id, number),
    UNIQUE (tenant, file_id, place),
    FOREIGN KEY (tenant, file_id) REFERENCES index_file (tenant, id)
);
