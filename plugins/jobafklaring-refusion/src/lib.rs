//! Refund to employers of ressourceforløbsydelse during jobafklaring.
