-- Letters as they were written, how parties can be reached, and each try to get a letter to its reader.

CREATE TABLE letter (
    tenant BIGINT NOT NULL REFERENCES municipality,
    case_id UUID NOT NULL,
    id UUID NOT NULL,
    business_key TEXT NOT NULL, -- what it is about: written once
    kind TEXT NOT NULL,
    recipient UUID NOT NULL,
    content TEXT NOT NULL, -- JSON, without the recipient's name and address
    decision_id UUID,
    hearing_id UUID,
    payment_id UUID,
    written_at TIMESTAMPTZ NOT NULL,
    written_by TEXT NOT NULL,
    PRIMARY KEY (tenant, case_id, id),
    UNIQUE (tenant, business_key),
    FOREIGN KEY (tenant, case_id) REFERENCES benefit_case (tenant, id),
    FOREIGN KEY (tenant, case_id, decision_id) REFERENCES decision (tenant, case_id, id),
    FOREIGN KEY (tenant, case_id, hearing_id) REFERENCES hearing (tenant, case_id, id),
    FOREIGN KEY (tenant, payment_id) REFERENCES payment (tenant, id),
    FOREIGN KEY (tenant, recipient) REFERENCES party (tenant, id)
);

CREATE INDEX letter_decision ON letter (tenant, case_id, decision_id);
CREATE INDEX letter_hearing ON letter (tenant, case_id, hearing_id);
CREATE INDEX letter_payment ON letter (tenant, payment_id);
CREATE INDEX letter_recipient ON letter (tenant, recipient);

-- How a party can be reached; who is not here has told nothing.
CREATE TABLE party_reach (
    tenant BIGINT NOT NULL REFERENCES municipality,
    party UUID NOT NULL,
    digital BOOLEAN NOT NULL, -- registered for Digital Post
    protected BOOLEAN NOT NULL, -- nobody else may see the address
    address TEXT, -- JSON; read only when an envelope is printed
    instead TEXT CHECK (instead IN ('guardian', 'estate', 'contact')),
    instead_party UUID,
    told_at TIMESTAMPTZ NOT NULL,
    told_by TEXT NOT NULL,
    PRIMARY KEY (tenant, party),
    FOREIGN KEY (tenant, party) REFERENCES party (tenant, id),
    FOREIGN KEY (tenant, instead_party) REFERENCES party (tenant, id),
    CHECK ((instead IS NULL) = (instead_party IS NULL))
);

CREATE INDEX party_reach_instead ON party_reach (tenant, instead_party);

CREATE TABLE dispatch (
    tenant BIGINT NOT NULL REFERENCES municipality,
    message UUID NOT NULL, -- as the postal service calls it
    case_id UUID NOT NULL,
    letter_id UUID NOT NULL,
    to_party UUID NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('digital-post', 'letter', 'desk')),
    state TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'arrived', 'failed')),
    planned_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    digest BYTEA, -- of the file that was handed over
    closed_on DATE,
    reason TEXT NOT NULL,
    PRIMARY KEY (tenant, message),
    FOREIGN KEY (tenant, case_id, letter_id) REFERENCES letter (tenant, case_id, id),
    FOREIGN KEY (tenant, to_party) REFERENCES party (tenant, id),
    CHECK ((closed_on IS NULL) = (state IN ('planned', 'sent')))
);

CREATE INDEX dispatch_letter ON dispatch (tenant, case_id, letter_id);
CREATE INDEX dispatch_party ON dispatch (tenant, to_party);
-- A letter is on its way once at a time.
CREATE UNIQUE INDEX dispatch_open ON dispatch (tenant, letter_id) WHERE closed_on IS NULL;
