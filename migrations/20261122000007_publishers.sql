-- Who may deliver modules, when a municipality puts one to rest, and the days its choices apply to.

-- Whom a municipality trusts to deliver modules.
CREATE TABLE publisher (
    tenant BIGINT NOT NULL REFERENCES municipality,
    name TEXT NOT NULL,
    may_sign TEXT NOT NULL, -- 'national', or the municipality whose own benefits it delivers, such as k0561
    added_at TIMESTAMPTZ NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE publisher_key (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id TEXT NOT NULL, -- made from the key, as signatures name it
    publisher TEXT NOT NULL,
    public_key TEXT NOT NULL, -- ed25519: and 64 hexadecimal digits
    added_at TIMESTAMPTZ NOT NULL,
    added_by TEXT NOT NULL,
    revoked_at TIMESTAMPTZ,
    revoked_by TEXT,
    revoked_because TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, publisher) REFERENCES publisher (tenant, name),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CHECK ((revoked_at IS NULL) = (revoked_because IS NULL))
);

CREATE INDEX publisher_key_publisher ON publisher_key (tenant, publisher);

-- Shared by all municipalities, as the artifact is; each asks whether it trusts the key.
CREATE TABLE artifact_signature (
    digest BYTEA NOT NULL REFERENCES artifact,
    key_id TEXT NOT NULL,
    signature TEXT NOT NULL, -- JSON, as the publisher wrote it
    kept_at TIMESTAMPTZ NOT NULL,
    kept_by TEXT NOT NULL,
    PRIMARY KEY (digest, key_id)
);

-- When the municipality puts a module to rest by itself, and what it asks of one it takes in.
CREATE TABLE module_policy (
    tenant BIGINT NOT NULL REFERENCES municipality,
    number BIGINT NOT NULL,
    known_from DATE NOT NULL,
    fault_limit BIGINT NOT NULL CHECK (fault_limit >= 1),
    window_hours BIGINT NOT NULL CHECK (window_hours >= 1),
    self_check_every BIGINT NOT NULL CHECK (self_check_every >= 1),
    is_development BOOLEAN NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- A module calculates nothing new while it rests; what is decided and paid goes on.
CREATE TABLE suspension (
    tenant BIGINT NOT NULL REFERENCES municipality,
    digest BYTEA NOT NULL REFERENCES artifact,
    number BIGINT NOT NULL, -- 1 for the first time
    cause TEXT NOT NULL CHECK (cause IN ('person', 'rollback', 'faults', 'disagreement')),
    reason TEXT NOT NULL,
    suspended_at TIMESTAMPTZ NOT NULL,
    suspended_by TEXT NOT NULL, -- who did it, or whose run found it
    resumed_at TIMESTAMPTZ,
    resumed_by TEXT,
    resumed_because TEXT,
    PRIMARY KEY (tenant, digest, number),
    CHECK ((resumed_at IS NULL) = (resumed_by IS NULL)),
    CHECK ((resumed_at IS NULL) = (resumed_because IS NULL))
);

CREATE UNIQUE INDEX suspension_open ON suspension (tenant, digest) WHERE resumed_at IS NULL;

-- Faults are counted again and again, and are few.
CREATE INDEX run_fault ON run (tenant, artifact, calculated_at) WHERE fault IS NOT NULL;

-- What a municipality has chosen where a module leaves a choice. Where two are about the same day, the
-- one that was known last counts, and of those known from one day the one with the highest number.
CREATE TABLE benefit_choice (
    tenant BIGINT NOT NULL REFERENCES municipality,
    benefit TEXT NOT NULL,
    key TEXT NOT NULL,
    number BIGINT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE,
    known_from DATE NOT NULL,
    value TEXT NOT NULL, -- JSON
    set_at TIMESTAMPTZ NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (tenant, benefit, key, number),
    CHECK (last_day IS NULL OR first_day <= last_day)
);

-- Until now a choice applied to every day a benefit can be about.
INSERT INTO benefit_choice
    (tenant, benefit, key, number, first_day, last_day, known_from, value, set_at, set_by)
SELECT tenant, benefit, key, ROW_NUMBER() OVER (PARTITION BY tenant, benefit, key ORDER BY known_from),
       '1850-01-01', NULL, known_from, value, set_at, set_by
FROM benefit_setting;

DROP TABLE benefit_setting;
