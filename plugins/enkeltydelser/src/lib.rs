//! One-off help under LAS chapter 10 (enkeltydelser).
