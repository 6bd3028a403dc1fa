//! What the host keeps about a module while a call runs: its memory and its trace.

use serde::Serialize;
use wasmtime::ResourceLimiter;

use crate::engine::{MAX_INSTANCES, MAX_MEMORIES, MAX_TABLES, TABLE_ELEMENTS};
use crate::limits::Limits;
use crate::v1::{trace, types};

/// One line a module wrote while it calculated. For developers; no result depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TraceLine {
    pub level: Level,
    pub message: String,
}

/// How grave a trace line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

/// The trace is longer than a module may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the trace is longer than {lines} lines or {bytes} bytes")]
pub(crate) struct TraceFull {
    lines: usize,
    bytes: usize,
}

/// The data of a store. Nothing of the case is in it.
#[derive(Debug)]
pub(crate) struct Guest {
    pub(crate) memory: Memory,
    pub(crate) trace: Trace,
}

impl Guest {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: Memory { allowed: limits.memory_bytes, used: 0, peak: 0, hit: false },
            trace: Trace {
                lines: Vec::new(),
                bytes: 0,
                max: TraceFull { lines: limits.trace_lines, bytes: limits.trace_bytes },
            },
        }
    }
}

/// Grants memory up to the limit, and remembers when it said no.
#[derive(Debug)]
pub(crate) struct Memory {
    allowed: usize,
    used: usize,
    pub(crate) peak: usize,
    /// Something was refused. A module usually panics next, and this tells why.
    pub(crate) hit: bool,
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let used = self.used - current.min(self.used) + desired;
        if used > self.allowed {
            self.hit = true;
            return Ok(false);
        }
        self.used = used;
        self.peak = self.peak.max(used);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired <= TABLE_ELEMENTS;
        self.hit |= !fits;
        Ok(fits)
    }

    fn instances(&self) -> usize {
        MAX_INSTANCES as usize
    }

    fn tables(&self) -> usize {
        MAX_TABLES as usize
    }

    fn memories(&self) -> usize {
        MAX_MEMORIES as usize
    }
}

/// The lines written so far.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) lines: Vec<TraceLine>,
    bytes: usize,
    max: TraceFull,
}

impl Trace {
    fn push(&mut self, line: TraceLine) -> Result<(), TraceFull> {
        self.bytes += line.message.len();
        if self.lines.len() == self.max.lines || self.bytes > self.max.bytes {
            return Err(self.max);
        }
        self.lines.push(line);
        Ok(())
    }
}

impl trace::Host for Guest {
    fn emit(&mut self, level: trace::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            trace::Level::Debug => Level::Debug,
            trace::Level::Info => Level::Info,
            trace::Level::Warn => Level::Warn,
            trace::Level::Error => Level::Error,
        };
        self.trace.push(TraceLine { level, message }).map_err(wasmtime::Error::new)
    }
}

impl types::Host for Guest {}
