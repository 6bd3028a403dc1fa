-- Citizens, companies and their units; cases and the facts in them.

CREATE TABLE party (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('citizen', 'company', 'unit')),
    name TEXT NOT NULL,
    sort_name TEXT NOT NULL, -- folded in Rust: engines differ on letters outside ASCII
    cpr TEXT,
    cvr TEXT,
    se TEXT,
    p TEXT,
    company UUID,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, company) REFERENCES party (tenant, id),
    CHECK (
        (kind = 'citizen' AND cpr IS NOT NULL AND cvr IS NULL AND se IS NULL AND p IS NULL AND company IS NULL)
        OR (kind = 'company' AND cvr IS NOT NULL AND cpr IS NULL AND se IS NULL AND p IS NULL AND company IS NULL)
        OR (kind = 'unit' AND company IS NOT NULL AND cpr IS NULL AND cvr IS NULL AND (se IS NULL) <> (p IS NULL))
    )
);

CREATE UNIQUE INDEX party_cpr ON party (tenant, cpr) WHERE cpr IS NOT NULL;
CREATE UNIQUE INDEX party_cvr ON party (tenant, cvr) WHERE cvr IS NOT NULL;
CREATE UNIQUE INDEX party_se ON party (tenant, se) WHERE se IS NOT NULL;
CREATE UNIQUE INDEX party_p ON party (tenant, p) WHERE p IS NOT NULL;
CREATE INDEX party_company ON party (tenant, company);

CREATE TABLE benefit_case (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    number TEXT NOT NULL, -- what people call it: 2020-00017
    benefit TEXT NOT NULL, -- a module's id
    opened DATE NOT NULL,
    closed DATE,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number)
);

CREATE INDEX benefit_case_open ON benefit_case (tenant, benefit, id) WHERE closed IS NULL;

-- Who has which part in a case: apprentice, employer.
CREATE TABLE case_party (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    role TEXT NOT NULL,
    party UUID NOT NULL,
    PRIMARY KEY (tenant, case_id, role, party),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id)
);

CREATE INDEX case_party_party ON case_party (tenant, party);

-- Two dates: the days a fact is about, and the days it was held to be true.
CREATE TABLE fact (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    about UUID NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE, -- none: until further notice
    attributes TEXT NOT NULL, -- JSON
    source TEXT NOT NULL,
    known_from DATE NOT NULL,
    known_until DATE, -- the day it was corrected or withdrawn
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, about) REFERENCES party (tenant, id),
    CHECK (last_day IS NULL OR first_day <= last_day)
);

CREATE INDEX fact_about ON fact (tenant, about);
