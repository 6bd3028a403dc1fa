-- Benefit modules, when each is used, and every calculation made.

-- Shared by all municipalities.
CREATE TABLE artifact (
    digest BYTEA PRIMARY KEY, -- SHA-256 of the component
    benefit TEXT NOT NULL,
    version TEXT NOT NULL,
    interface TEXT NOT NULL,
    manifest TEXT NOT NULL, -- JSON
    component BYTEA NOT NULL,
    report TEXT NOT NULL, -- JSON: what verification found
    installed_at TIMESTAMPTZ NOT NULL,
    installed_by TEXT NOT NULL,
    UNIQUE (benefit, version)
);

-- Which version counts for which days of a benefit, as it was known from a day on.
CREATE TABLE activation (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    benefit TEXT NOT NULL,
    digest BYTEA NOT NULL REFERENCES artifact,
    mode TEXT NOT NULL CHECK (mode IN ('shadow', 'active')),
    first_day DATE NOT NULL,
    last_day DATE,
    known_from DATE NOT NULL,
    known_until DATE,
    activated_at TIMESTAMPTZ NOT NULL,
    activated_by TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    CHECK (last_day IS NULL OR first_day <= last_day),
    CHECK (known_until IS NULL OR known_from <= known_until)
);

CREATE INDEX activation_benefit ON activation (tenant, benefit, first_day);
CREATE INDEX activation_digest ON activation (tenant, digest);

-- What a municipality has chosen where a module leaves a choice.
CREATE TABLE benefit_setting (
    tenant BIGINT NOT NULL REFERENCES municipality,
    benefit TEXT NOT NULL,
    key TEXT NOT NULL,
    known_from DATE NOT NULL,
    value TEXT NOT NULL, -- JSON
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, benefit, key, known_from)
);

-- One calculation, with all it takes to make it again bit for bit.
CREATE TABLE run (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    id UUID NOT NULL,
    artifact BYTEA NOT NULL REFERENCES artifact,
    engine TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('live', 'shadow')),
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    dossier BYTEA NOT NULL, -- canonical encoding
    dossier_digest BYTEA NOT NULL,
    outcome BYTEA, -- canonical encoding of an outcome or a failure of the rules
    outcome_digest BYTEA,
    fault TEXT, -- code of what went wrong
    fault_detail TEXT,
    fuel BIGINT NOT NULL,
    memory_bytes BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    calculated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant, case_id, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK ((outcome IS NULL) = (outcome_digest IS NULL)),
    CHECK ((outcome IS NULL) <> (fault IS NULL))
);
