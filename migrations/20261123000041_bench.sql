-- How people share the tasks: who has one, what it waits for, what it is called here, and what was done with it.

ALTER TABLE task ADD COLUMN amount BIGINT; -- what is at stake, in oere; none where it is not known
ALTER TABLE task ADD COLUMN sort_day DATE NOT NULL DEFAULT '2199-12-31'; -- the deadline; that day where there is none
ALTER TABLE task ADD COLUMN name TEXT; -- what the municipality calls it; the title it was put with stays
ALTER TABLE task ADD COLUMN worker TEXT; -- who has it
ALTER TABLE task ADD COLUMN waits_until DATE; -- that day it is back by itself
ALTER TABLE task ADD COLUMN waits_for TEXT;
ALTER TABLE task ADD COLUMN version BIGINT NOT NULL DEFAULT 0; -- one more for each change a person must see before answering

UPDATE task SET sort_day = due WHERE due IS NOT NULL;

CREATE INDEX task_bench ON task (tenant, sort_day, id) WHERE done_at IS NULL;
CREATE INDEX task_queue ON task (tenant, queue) WHERE done_at IS NULL;

CREATE TABLE task_label (
    tenant BIGINT NOT NULL,
    label TEXT NOT NULL,
    task UUID NOT NULL,
    PRIMARY KEY (tenant, task, label),
    FOREIGN KEY (tenant, task) REFERENCES task (tenant, id)
);

CREATE INDEX task_label_label ON task_label (tenant, label);

-- What people have done with a task. Rows are only added.
CREATE TABLE task_move (
    tenant BIGINT NOT NULL,
    task UUID NOT NULL,
    number BIGINT NOT NULL,
    move TEXT NOT NULL,
    note TEXT NOT NULL,
    moved_at TIMESTAMPTZ NOT NULL,
    moved_by TEXT NOT NULL,
    PRIMARY KEY (tenant, task, number),
    FOREIGN KEY (tenant, task) REFERENCES task (tenant, id)
);

-- A choice of tasks with a name, for oneself or for everybody.
CREATE TABLE task_view (
    tenant BIGINT NOT NULL REFERENCES municipality,
    name TEXT NOT NULL,
    owner TEXT NOT NULL, -- initials
    is_shared BOOLEAN NOT NULL,
    choice TEXT NOT NULL, -- as it stands in the address of the bench
    PRIMARY KEY (tenant, owner, name)
);
