-- What people have sent in: bytes that are kept once, and what each is in its case.

CREATE TABLE document_content (
    tenant BIGINT NOT NULL REFERENCES municipality,
    digest BYTEA NOT NULL, -- SHA-256
    content BYTEA NOT NULL,
    PRIMARY KEY (tenant, digest)
);

CREATE TABLE document (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    title TEXT NOT NULL,
    media TEXT NOT NULL, -- what the bytes are, whatever the file was called
    length BIGINT NOT NULL, -- in bytes
    origin TEXT NOT NULL, -- by which way it came
    case_id UUID, -- none while it waits for what it belongs to
    received_at TIMESTAMPTZ NOT NULL,
    received_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, digest) REFERENCES document_content (tenant, digest),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id)
);

CREATE INDEX document_case ON document (tenant, case_id);
