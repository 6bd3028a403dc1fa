-- What those who watch over payments look for.

CREATE INDEX payment_disposal ON payment (tenant, disposal, id);
CREATE INDEX payment_open ON payment (tenant, state) WHERE state NOT IN ('settled', 'stopped');
