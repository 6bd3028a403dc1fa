-- Decisions: proposed by one person, approved by another over the same numbers.

-- A month's calculation of all open cases of a benefit. The lease keeps a second one out.
CREATE TABLE month_run (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    benefit TEXT NOT NULL,
    month DATE NOT NULL, -- its first day
    sequence BIGINT NOT NULL, -- 1 for the first run of the month
    artifact BYTEA NOT NULL REFERENCES artifact,
    as_of DATE NOT NULL,
    known_at DATE NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    started_by TEXT NOT NULL,
    lease_token UUID,
    lease_by TEXT,
    lease_since TIMESTAMPTZ,
    lease_until TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, benefit, month, sequence),
    CHECK ((finished_at IS NULL) = (lease_token IS NOT NULL))
);

CREATE INDEX month_run_artifact ON month_run (tenant, artifact);

-- What came of each case, so that an interrupted run goes on where it stopped.
CREATE TABLE month_run_case (
    tenant BIGINT NOT NULL REFERENCES municipality,
    month_run UUID NOT NULL,
    case_id UUID NOT NULL,
    run_id UUID NOT NULL,
    result TEXT NOT NULL CHECK (
        result IN ('proposed', 'unchanged', 'nothing', 'refused', 'incomplete', 'needs-human', 'unanswered', 'fault')
    ),
    amount BIGINT NOT NULL, -- øre; what the calculation gives
    decided BIGINT NOT NULL, -- øre; what was decided for the days before it
    PRIMARY KEY (tenant, month_run, case_id),
    FOREIGN KEY (tenant, month_run) REFERENCES month_run (tenant, id),
    FOREIGN KEY (tenant, case_id, run_id) REFERENCES run (tenant, case_id, id)
);

-- What is put forward, and what became of it.
CREATE TABLE decision (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    id UUID NOT NULL,
    run_id UUID NOT NULL,
    month_run UUID,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    ruling TEXT NOT NULL CHECK (ruling IN ('granted', 'partly-granted', 'refused')),
    total BIGINT NOT NULL, -- øre
    digest BYTEA NOT NULL, -- what the approver signs
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'superseded')),
    proposed_at TIMESTAMPTZ NOT NULL,
    proposed_by TEXT NOT NULL,
    closed_at TIMESTAMPTZ,
    closed_by TEXT,
    reason_code TEXT,
    reason TEXT,
    PRIMARY KEY (tenant, case_id, id),
    FOREIGN KEY (tenant, case_id, run_id) REFERENCES run (tenant, case_id, id),
    FOREIGN KEY (tenant, month_run) REFERENCES month_run (tenant, id),
    CHECK (state NOT IN ('approved', 'superseded') OR closed_by <> proposed_by),
    CHECK ((state = 'proposed') = (closed_at IS NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CHECK ((state = 'rejected') = (reason_code IS NOT NULL))
);

-- A case has at most one open proposal, and one approved decision, for days that begin on one day.
CREATE UNIQUE INDEX decision_proposed ON decision (tenant, case_id, first_day) WHERE state = 'proposed';
CREATE UNIQUE INDEX decision_approved ON decision (tenant, case_id, first_day) WHERE state = 'approved';
CREATE INDEX decision_month_run ON decision (tenant, month_run, case_id);
CREATE INDEX decision_run ON decision (tenant, case_id, run_id);

CREATE TABLE decision_line (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    place BIGINT NOT NULL, -- the order the module gave
    line_key TEXT NOT NULL,
    payee UUID NOT NULL,
    about UUID,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    amount BIGINT NOT NULL, -- øre
    posting_code TEXT NOT NULL,
    reference TEXT,
    details TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant, case_id, decision_id, line_key),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id)
);

-- Work for people: cases that cannot go on by themselves.
CREATE TABLE task (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    business_key TEXT NOT NULL, -- one task for each question, however often it is asked
    case_id UUID NOT NULL,
    topic TEXT NOT NULL, -- what asks: a month's run of a benefit
    queue TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    due DATE,
    created_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ,
    done_by TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, business_key),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK ((done_at IS NULL) = (done_by IS NULL))
);

CREATE INDEX task_open ON task (tenant, topic, case_id) WHERE done_at IS NULL;
