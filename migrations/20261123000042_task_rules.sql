-- Who gets which new tasks by themselves: rules in an order, the first that fits decides.

CREATE TABLE task_rule (
    tenant BIGINT NOT NULL REFERENCES municipality,
    number BIGINT NOT NULL, -- their order
    name TEXT NOT NULL,
    benefit TEXT NOT NULL, -- any where empty
    queue TEXT NOT NULL, -- any where empty
    amount_from BIGINT, -- in oere, what is at stake
    amount_to BIGINT,
    born_from BIGINT, -- day of the month a citizen of the case is born on
    born_to BIGINT,
    workers TEXT NOT NULL, -- initials with spaces between; a case goes to the same of them each time
    is_on BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, number),
    UNIQUE (tenant, name),
    CHECK ((born_from IS NULL) = (born_to IS NULL))
);
