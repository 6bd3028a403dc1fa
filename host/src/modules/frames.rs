//! The frames of cases that are calculated together, where not all know the same rates.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ydun_domain::benefit::Attribute;
use ydun_domain::ids::CaseId;
use ydun_domain::{Day, Period, Tenant};
use ydun_runtime::Module;

use super::campaigns::rates::{Added, Known, Taken};
use super::dossier::Frame;
use super::service::{SettingError, settings};
use crate::db::Read;

/// What is the same for every case of some days, but for the rates a campaign brings case by case.
#[derive(Debug)]
pub struct Frames {
    module: Arc<Module>,
    settings: Vec<Attribute>,
    added: Arc<Added>,
    span: Period,
    as_of: Day,
    known_at: Day,
    made: Mutex<HashMap<Known, Arc<Frame>>>,
}

/// Which days, assessed as of when, and known when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days {
    pub span: Period,
    pub as_of: Day,
    pub known_at: Day,
}

impl Frames {
    /// Reads what the municipality has chosen for the days.
    pub async fn read(
        db: &mut Read,
        tenant: Tenant,
        module: Arc<Module>,
        added: Arc<Added>,
        days: Days,
    ) -> Result<Self, SettingError> {
        let Days { span, as_of, known_at } = days;
        let settings = settings(db, tenant, module.manifest(), span, known_at).await?;
        Ok(Self { module, settings, added, span, as_of, known_at, made: Mutex::default() })
    }

    /// What a case is told beside its facts.
    pub fn of(&self, case: CaseId, taken: &Taken) -> Arc<Frame> {
        let known = self.added.known(case, taken, self.known_at);
        let mut made = self.made.lock().expect("making a frame does not panic");
        Arc::clone(made.entry(known).or_insert_with_key(|known| Arc::new(self.make(known))))
    }

    fn make(&self, known: &Known) -> Frame {
        let rates = self.added.rates(known);
        let settings = self.settings.clone();
        Frame::new(self.module.manifest(), settings, &rates, self.span, self.as_of, self.known_at)
    }

    pub fn module(&self) -> &Arc<Module> {
        &self.module
    }

    /// The rates that came as data, and which cases know them.
    pub fn added(&self) -> &Added {
        &self.added
    }

    /// The days to calculate.
    pub fn span(&self) -> Period {
        self.span
    }

    pub fn known_at(&self) -> Day {
        self.known_at
    }

    /// The days whose earlier lines the module is told, if any.
    pub fn remembers(&self) -> Option<Period> {
        super::dossier::history(self.module.manifest(), self.span)
    }
}
