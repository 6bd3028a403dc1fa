-- What the day's reconciliation looks for.

CREATE INDEX payment_at_bank ON payment (tenant, file_id) WHERE state IN ('sent', 'received', 'accepted', 'unknown');
CREATE INDEX payment_drawn ON payment (tenant, disposal) WHERE drawn;
CREATE INDEX payment_stopped ON payment (tenant, case_id, payee) WHERE state = 'stopped';
