//! Events from registers: taken in once, judged by what they change, and never a silent stop.

mod broker;
mod generated;
mod household;
mod inbox;
mod next_payment;
mod town;
mod ways_in;
