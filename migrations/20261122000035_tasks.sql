-- A task may be about a module instead of a case, and may say which facts answer it.

CREATE TABLE task_of_anything (
    tenant BIGINT NOT NULL REFERENCES municipality,
    id UUID NOT NULL,
    business_key TEXT NOT NULL, -- one task for each question, however often it is asked
    case_id UUID,
    module BYTEA REFERENCES artifact,
    topic TEXT NOT NULL, -- what asks: a month's run of a benefit, the rest of a module
    queue TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    questions TEXT NOT NULL, -- JSON: the facts that answer it, with their days; those already given are taken out
    due DATE,
    created_at TIMESTAMPTZ NOT NULL,
    done_at TIMESTAMPTZ,
    done_by TEXT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, business_key),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    CHECK ((case_id IS NULL) <> (module IS NULL)),
    CHECK ((done_at IS NULL) = (done_by IS NULL))
);

INSERT INTO task_of_anything
    (tenant, id, business_key, case_id, module, topic, queue, title, detail, questions, due, created_at, done_at, done_by)
SELECT tenant, id, business_key, case_id, NULL, topic, queue, title, detail, '[]', due, created_at, done_at, done_by
FROM task;

DROP TABLE task;

ALTER TABLE task_of_anything RENAME TO task;

CREATE INDEX task_open ON task (tenant, topic, case_id) WHERE done_at IS NULL;
