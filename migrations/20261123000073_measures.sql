-- What the measures of a month count, and what a look-up in the audit finds.

CREATE INDEX fact_recorded ON fact (tenant, recorded_at);
CREATE INDEX benefit_case_opened ON benefit_case (tenant, opened);
CREATE INDEX task_created ON task (tenant, created_at);
CREATE INDEX task_done ON task (tenant, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX decision_closed ON decision (tenant, closed_at) WHERE state IN ('approved', 'superseded');
CREATE INDEX audit_subject ON audit (tenant, subject, number);
CREATE INDEX audit_at ON audit (tenant, at, number);
