-- Citizens, companies and their units; cases and the facts in them.

CREATE TABLE party (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    sort_name BYTEA NOT NULL, -- folded in Rust; bytes, unlike letters, sort alike on both engines
    number_kind TEXT NOT NULL CHECK (number_kind IN ('cpr', 'cvr', 'se', 'p')), -- citizen, company, unit, unit
    number TEXT NOT NULL,
    company UUID, -- the company a unit belongs to
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number_kind, number),
    FOREIGN KEY (tenant, company) REFERENCES party (tenant, id),
    CHECK ((number_kind IN ('se', 'p')) = (company IS NOT NULL))
);

CREATE INDEX party_sort_name ON party (tenant, sort_name, id);
CREATE INDEX party_company ON party (tenant, company);

CREATE TABLE benefit_case (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    number TEXT NOT NULL, -- what people call it: 2020-00017
    external_key TEXT, -- what the system it was imported from calls it
    benefit TEXT NOT NULL, -- a module's id
    opened DATE NOT NULL,
    closed DATE,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, number),
    UNIQUE (tenant, external_key)
);

CREATE INDEX benefit_case_open ON benefit_case (tenant, benefit, id) WHERE closed IS NULL;

-- The last case number given out in a year.
CREATE TABLE case_sequence (
    tenant BIGINT NOT NULL REFERENCES municipality,
    year BIGINT NOT NULL,
    last_given BIGINT NOT NULL,
    PRIMARY KEY (tenant, year)
);

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

CREATE INDEX case_party_party ON case_party (tenant, party, case_id);

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
