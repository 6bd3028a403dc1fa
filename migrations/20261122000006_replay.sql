-- What another version or other rates would change, case by case, and who has signed it.

-- Rates for all municipalities, shared as modules are. Each takes them in by a campaign of its own.
CREATE TABLE rate_publication (
    id UUID PRIMARY KEY,
    benefit TEXT NOT NULL,
    title TEXT NOT NULL,
    rates TEXT NOT NULL, -- JSON: key, days, day of announcement, value and source of each
    published_at TIMESTAMPTZ NOT NULL,
    published_by TEXT NOT NULL
);

-- New rates on their way to every case.
CREATE TABLE campaign (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    benefit TEXT NOT NULL,
    title TEXT NOT NULL,
    publication UUID REFERENCES rate_publication, -- none: the municipality's own
    state TEXT NOT NULL CHECK (
        state IN ('draft', 'tried', 'sampled', 'waves', 'paused', 'halted', 'done', 'withdrawn')
    ),
    resumes_as TEXT CHECK (resumes_as IN ('sampled', 'waves')), -- what it was when it was paused or halted
    note TEXT NOT NULL, -- why it was paused, halted or withdrawn
    created_at TIMESTAMPTZ NOT NULL,
    created_by TEXT NOT NULL,
    done_on DATE, -- the day its rates began to count for every case
    withdrawn_on DATE,
    PRIMARY KEY (tenant, id),
    CHECK ((state IN ('paused', 'halted')) = (resumes_as IS NOT NULL)),
    CHECK ((state = 'done') = (done_on IS NOT NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_on IS NOT NULL))
);

-- Two at a time could not be told apart in what they change.
CREATE UNIQUE INDEX campaign_open ON campaign (tenant, benefit) WHERE state NOT IN ('done', 'withdrawn');

CREATE TABLE campaign_rate (
    tenant BIGINT NOT NULL REFERENCES municipality,
    campaign UUID NOT NULL,
    place BIGINT NOT NULL,
    key TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE,
    announced DATE NOT NULL,
    value TEXT NOT NULL, -- JSON
    source TEXT NOT NULL,
    PRIMARY KEY (tenant, campaign, place),
    FOREIGN KEY (tenant, campaign) REFERENCES campaign (tenant, id),
    CHECK (last_day IS NULL OR first_day <= last_day)
);

-- The cases a campaign goes through, wave by wave; wave 0 is the sample.
CREATE TABLE campaign_case (
    tenant BIGINT NOT NULL REFERENCES municipality,
    campaign UUID NOT NULL,
    case_id UUID NOT NULL,
    wave BIGINT,
    taken_on DATE, -- the day the case was calculated with the new rates, which then count for it
    PRIMARY KEY (tenant, campaign, case_id),
    FOREIGN KEY (tenant, campaign) REFERENCES campaign (tenant, id),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK (taken_on IS NULL OR wave IS NOT NULL)
);

CREATE INDEX campaign_case_wave ON campaign_case (tenant, campaign, wave, case_id);
CREATE INDEX campaign_case_taken ON campaign_case (tenant, case_id);

-- Stored dossiers calculated by two versions.
CREATE TABLE replay (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    benefit TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('replay', 'shadow', 'campaign', 'wave')),
    old_artifact BYTEA REFERENCES artifact, -- none: the version that counts for the days of each dossier
    new_artifact BYTEA REFERENCES artifact,
    scope TEXT NOT NULL CHECK (scope IN ('all', 'open', 'sample')),
    seed BIGINT, -- of a sample
    known_at DATE, -- none: as it was known when each dossier was made
    month_run UUID,
    campaign UUID,
    wave BIGINT,
    dossiers BIGINT, -- how many there are to compare; none where it shows on the way
    started_at TIMESTAMPTZ NOT NULL,
    started_by TEXT NOT NULL,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, month_run) REFERENCES month_run (tenant, id),
    FOREIGN KEY (tenant, campaign) REFERENCES campaign (tenant, id),
    CHECK ((scope = 'sample') = (seed IS NOT NULL)),
    CHECK ((old_artifact IS NULL) = (origin IN ('campaign', 'wave'))),
    CHECK ((new_artifact IS NULL) = (origin IN ('campaign', 'wave'))),
    CHECK ((origin = 'shadow') = (month_run IS NOT NULL)),
    CHECK ((origin IN ('campaign', 'wave')) = (campaign IS NOT NULL)),
    CHECK ((origin = 'wave') = (wave IS NOT NULL))
);

CREATE INDEX replay_versions ON replay (tenant, benefit, new_artifact, old_artifact);
CREATE UNIQUE INDEX replay_month_run ON replay (tenant, month_run) WHERE month_run IS NOT NULL;
CREATE UNIQUE INDEX replay_wave ON replay (tenant, campaign, wave) WHERE wave IS NOT NULL;

-- Differences of one kind that begin at one step, which a person signs together.
CREATE TABLE replay_group (
    tenant BIGINT NOT NULL REFERENCES municipality,
    replay UUID NOT NULL,
    name TEXT NOT NULL,
    class TEXT NOT NULL CHECK (
        class IN ('told-differently', 'amount-changed', 'verdict-changed', 'new-failure')
    ),
    label TEXT NOT NULL,
    law TEXT NOT NULL,
    before_text TEXT, -- what one of its cases had there
    after_text TEXT,
    signed_at TIMESTAMPTZ,
    signed_by TEXT,
    reason TEXT,
    PRIMARY KEY (tenant, replay, name),
    FOREIGN KEY (tenant, replay) REFERENCES replay (tenant, id),
    CHECK ((signed_at IS NULL) = (signed_by IS NULL)),
    CHECK ((signed_at IS NULL) = (reason IS NULL))
);

CREATE TABLE replay_case (
    tenant BIGINT NOT NULL REFERENCES municipality,
    replay UUID NOT NULL,
    case_id UUID NOT NULL,
    run_id UUID NOT NULL, -- the stored calculation it is held against
    group_name TEXT, -- none where nothing changes
    before_amount BIGINT NOT NULL, -- øre
    after_amount BIGINT NOT NULL, -- øre
    PRIMARY KEY (tenant, replay, case_id, run_id),
    FOREIGN KEY (tenant, replay) REFERENCES replay (tenant, id),
    FOREIGN KEY (tenant, case_id, run_id) REFERENCES run (tenant, case_id, id),
    FOREIGN KEY (tenant, replay, group_name) REFERENCES replay_group (tenant, replay, name)
);

CREATE INDEX replay_case_group ON replay_case (tenant, replay, group_name) WHERE group_name IS NOT NULL;
