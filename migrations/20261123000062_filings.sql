-- Forms that citizens and companies fill in themselves, kept while they do and after they have sent them.

CREATE TABLE filing (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    owner UUID NOT NULL, -- whose it is: nobody else may see or change it
    benefit TEXT NOT NULL, -- a module's id
    form TEXT NOT NULL, -- a key of the module's manifest
    case_id UUID, -- the case it is about; none until a new one is opened for it
    answers TEXT NOT NULL, -- JSON: as typed, so that nothing is lost that cannot be used yet
    step TEXT NOT NULL, -- where the filer left it
    version BIGINT NOT NULL, -- one more each time it is saved
    begun_at TIMESTAMPTZ NOT NULL,
    saved_at TIMESTAMPTZ NOT NULL,
    saved_by TEXT NOT NULL,
    sent_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES party (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK (sent_at IS NULL OR case_id IS NOT NULL)
);

CREATE INDEX filing_owner ON filing (tenant, owner, id);

CREATE TABLE filing_document (
    tenant BIGINT NOT NULL,
    filing UUID NOT NULL,
    document UUID NOT NULL,
    PRIMARY KEY (tenant, filing, document),
    FOREIGN KEY (tenant, filing) REFERENCES filing (tenant, id),
    FOREIGN KEY (tenant, document) REFERENCES document (tenant, id)
);
