//! An office that pays: approved decisions, an outbox, and the bank on loopback.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use tempfile::TempDir;
use uuid::Uuid;
use ydun::access::{Act, Right, authorise};
use ydun::adapters::iso20022::Iso20022;
use ydun::cases::ALL_CASES;
use ydun::cases::service::NewCase;
use ydun::db::{Db, sql};
use ydun::ledger::Account;
use ydun::notices::Detail;
use ydun::parties::Identity;
use ydun::parties::service::NewParty;
use ydun::payments::outbox::Outbox;
use ydun::payments::service::{Heard, SettleError, Settled};
use ydun::payments::stop::StopFile;
use ydun::payments::{
    Approved, ApprovedLine, BankProfile, Lane, Occasion, Payment, PaymentFile, Taxation, service,
};
use ydun::tax::{self, Card, TaxCard};
use ydun::{cases, ledger, notices, parties};
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::{CaseId, DecisionId, PartyId, RunId};
use ydun_domain::{Cvr, Day, Dkk, Month, Tenant, Validity};
use ydun_peers::simbank::{self, Message, Schema, Script, Simbank};
use ydun_runtime::manifest::{IncomeReport, RefundAccount, RefundKind, TaxTreatment};

use crate::support::{change, set_up};

/// An office that pays.
pub(crate) struct Office {
    pub(crate) db: Db,
    pub(crate) tenant: Tenant,
    pub(crate) now: DateTime<Utc>,
    pub(crate) bank: BankProfile,
    /// Payees the bank fails, by kind and number, and how.
    pub(crate) script: BTreeMap<String, &'static str>,
    folder: TempDir,
}

/// Of the module that is said to have calculated.
const DIGEST: &[u8; 32] = b"artifact-of-an-office-that-pays!";

/// A line as a test writes it: key, payee, posting code, øre.
pub(crate) type Line<'a> = (&'a str, PartyId, &'a str, i64);

impl Office {
    /// In a municipality of its own.
    pub(crate) async fn new(db: &Db, tenant: u16) -> Self {
        let tenant = tenant.try_into().unwrap();
        set_up(db, tenant).await;
        Self::in_municipality(db, tenant).await
    }

    /// In a municipality that is set up.
    pub(crate) async fn in_municipality(db: &Db, tenant: Tenant) -> Self {
        const ARTIFACT: &str = "
            INSERT INTO artifact
                (digest, benefit, version, interface, manifest, component, report, installed_at, installed_by)
            VALUES ($1, 'prøve', '1.0.0', 'ydun:benefit@1.0.0', $3, $1, '{}', $2, 'abc')
            ON CONFLICT (digest) DO NOTHING";
        let now = crate::support::now();
        let manifest = serde_json::to_string(&crate::support::manifest()).unwrap();
        change(db, async |tx| {
            let artifact = sql(ARTIFACT).bind(&DIGEST[..]).bind(now);
            tx.execute(artifact.bind(manifest.as_str())).await.unwrap()
        })
        .await;
        Self {
            db: db.clone(),
            tenant,
            now,
            bank: BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap()),
            script: BTreeMap::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) async fn act<R: Right>(&self, worker: &str) -> Act<R> {
        authorise(&mut self.db.read().await.unwrap(), self.tenant, worker, self.now).await.unwrap()
    }

    pub(crate) async fn party(&self, name: &str, identity: Identity) -> PartyId {
        let act = self.act("abc").await;
        let party = NewParty { name: name.to_owned(), identity };
        change(&self.db, async |tx| parties::service::register(tx, &act, party).await.unwrap().id)
            .await
    }

    pub(crate) async fn company(&self, number: u32) -> PartyId {
        self.party(&format!("Firma {number}"), Identity::Company(cvr(number))).await
    }

    pub(crate) async fn citizen(&self, name: &str) -> PartyId {
        self.party(name, Identity::Citizen("0101901234".parse().unwrap())).await
    }

    /// A card known from today.
    pub(crate) async fn tax_card(&self, party: PartyId, card: Card, first: &str) {
        let act = self.act("abc").await;
        let valid = Validity::from_day(first.parse().unwrap());
        let source = "eIndkomst".to_owned();
        let card = TaxCard { party, card, valid, known_from: self.today(), source };
        change(&self.db, async |tx| tax::service::record(tx, &act, vec![card]).await.unwrap())
            .await;
    }

    /// Chooses a tax setting for all days.
    pub(crate) async fn choose(&self, key: tax::settings::Key, value: &str) {
        let act = self.act("abc").await;
        let from = "2018-01-01".parse().unwrap();
        let (value, source) = (value.to_owned(), "prøve".to_owned());
        let value = tax::settings::Value { key, from, value, grade: None, source };
        change(&self.db, async |tx| tax::service::choose(tx, &act, value).await.unwrap()).await;
    }

    /// From now on the bank has no account of any citizen.
    pub(crate) fn reject_citizens(&mut self) {
        self.script.insert("CPR:0101901234".to_owned(), NO_ACCOUNT);
    }

    pub(crate) async fn case(&self) -> CaseId {
        let act = self.act("abc").await;
        let opened = "2020-09-01".parse().unwrap();
        let case = NewCase {
            benefit: "prøve".to_owned(),
            external_key: None,
            opened,
            roles: BTreeSet::new(),
        };
        change(&self.db, async |tx| cases::service::open(tx, &act, case).await.unwrap().id).await
    }

    /// An approved decision on a month of a case, in the place of the one before.
    pub(crate) async fn approved(
        &self,
        case_id: CaseId,
        month: &str,
        lines: &[Line<'_>],
    ) -> Approved {
        let period = month.parse::<Month>().unwrap().period();
        let decision_id = self.keep_decision(case_id, period.first(), period.last()).await;
        self.keep_lines(case_id, decision_id, month, lines).await;
        let line = |(key, payee, posting, oere): &Line<'_>| ApprovedLine {
            key: format!("{key}:{month}"),
            payee: *payee,
            about: None,
            period,
            amount: Dkk::from_oere(*oere),
            posting_code: (*posting).to_owned(),
            account: format!("konto-{posting}"),
            title: "Tilskud".to_owned(),
            reference: Some("4711".to_owned()),
            details: vec![Detail { label: "Timer".to_owned(), value: Scalar::Integer(160) }],
            tax: taxation(posting),
        };
        Approved {
            case_id,
            case_number: "2020-00001".to_owned(),
            decision_id,
            period,
            benefit: "Prøveydelse".to_owned(),
            lines: lines.iter().map(line).collect(),
            lane: Lane::Almindelig,
            due: "2020-11-30".parse().unwrap(),
            occasion: Occasion::Decided,
        }
    }

    async fn keep_decision(&self, case: CaseId, first: Day, last: Day) -> DecisionId {
        const RUN: &str = "
            INSERT INTO run
                (tenant, case_id, id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
                 outcome, outcome_digest, fuel, memory_bytes, micros, calculated_at)
            VALUES ($1, $2, $3, $4, 'engine', 'live', $5, $6, $4, $4, $4, $4, 0, 0, 0, $7)";
        const SUPERSEDE: &str = "
            UPDATE decision SET state = 'superseded'
            WHERE tenant = $1 AND case_id = $2 AND first_day = $3 AND state = 'approved'";
        const DECISION: &str = "
            INSERT INTO decision
                (tenant, case_id, id, run_id, first_day, last_day, ruling, total, digest, state,
                 proposed_at, proposed_by, closed_at, closed_by)
            VALUES ($1, $2, $3, $4, $5, $6, 'granted', 0, $7, 'approved', $8, 'abc', $8, 'def')";
        let (run, decision) = (RunId::generate(), DecisionId::generate());
        let digest = &DIGEST[..];
        let run_row = sql(RUN)
            .bind(self.tenant)
            .bind(case)
            .bind(run)
            .bind(digest)
            .bind(first)
            .bind(last)
            .bind(self.now);
        let supersede = sql(SUPERSEDE).bind(self.tenant).bind(case).bind(first);
        let row = sql(DECISION)
            .bind(self.tenant)
            .bind(case)
            .bind(decision)
            .bind(run)
            .bind(first)
            .bind(last);
        let row = row.bind(digest).bind(self.now);
        change(&self.db, async |tx| {
            for statement in [run_row, supersede, row] {
                tx.execute(statement).await.unwrap();
            }
        })
        .await;
        decision
    }

    async fn keep_lines(
        &self,
        case: CaseId,
        decision: DecisionId,
        month: &str,
        lines: &[Line<'_>],
    ) {
        const LINE: &str = "
            INSERT INTO decision_line
                (tenant, case_id, decision_id, place, line_key, payee, first_day, last_day, amount, posting_code, details)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]')";
        let period = month.parse::<Month>().unwrap().period();
        for (place, (key, payee, posting, oere)) in (1i64..).zip(lines) {
            let head = sql(LINE).bind(self.tenant).bind(case).bind(decision).bind(place);
            let line = head.bind(format!("{key}:{month}")).bind(*payee);
            let line = line.bind(period.first()).bind(period.last()).bind(*oere).bind(*posting);
            change(&self.db, async |tx| tx.execute(line.clone()).await.unwrap()).await;
        }
    }

    pub(crate) async fn settle(&self, decisions: &[&Approved]) -> Result<Settled, SettleError> {
        let act = self.act("def").await;
        let mut tx = self.db.begin().await.unwrap();
        let decisions = decisions.iter().map(|decision| (*decision).clone()).collect();
        let settled = service::settle(&mut tx, &act, &self.bank, decisions).await?;
        tx.commit().await.unwrap();
        Ok(settled)
    }

    /// Approves and settles.
    pub(crate) async fn decide(&self, case: CaseId, month: &str, lines: &[Line<'_>]) -> Settled {
        let approved = self.approved(case, month, lines).await;
        self.settle(&[&approved]).await.unwrap()
    }

    pub(crate) fn format(&self) -> Iso20022 {
        Iso20022::new(self.bank.clone())
    }

    pub(crate) fn outbox(&self) -> Outbox {
        Outbox::open(self.outbox_folder()).unwrap()
    }

    pub(crate) fn outbox_folder(&self) -> PathBuf {
        self.folder.path().join("ud")
    }

    pub(crate) fn answers_folder(&self) -> PathBuf {
        self.folder.path().join("svar")
    }

    /// A folder of the office, made when it is not there.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Every answer of the bank there is.
    pub(crate) fn answers(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(self.answers_folder()).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
    }

    pub(crate) fn today(&self) -> Day {
        ydun::clock::danish(self.now)
    }

    /// Sends what must leave by a day.
    pub(crate) async fn send(&self, day: &str) -> Vec<PaymentFile> {
        let act = self.act("abc").await;
        let day = day.parse().unwrap();
        service::send(&self.db, &act, &self.bank, &self.format(), &self.outbox(), day)
            .await
            .unwrap()
    }

    /// Asks the bank to stop what it knows by now.
    pub(crate) async fn send_stops(&self) -> Option<StopFile> {
        let act = self.act("abc").await;
        service::send_stops(&self.db, &act, &self.format(), &self.outbox()).await.unwrap()
    }

    pub(crate) async fn publish(&self) -> Vec<PaymentFile> {
        let published = service::publish(
            &self.db,
            self.tenant,
            &self.format(),
            &self.outbox(),
            service::LEASE,
            self.now,
        )
        .await
        .unwrap();
        assert!(published.failed.is_empty(), "{:?}", published.failed);
        published.files
    }

    /// The bank does its work on a day, and we hear its new answers.
    pub(crate) async fn bank_answers(&self, day: &str) -> Vec<Heard> {
        let mut heard = Vec::new();
        for answer in self.bank_works(day.parse().unwrap()) {
            heard.push(self.hear(&answer.xml()).await);
        }
        heard
    }

    /// The bank does its work on a day, and leaves its answers in a folder.
    pub(crate) fn bank_works(&self, day: NaiveDate) -> Vec<Message> {
        let (outbox, answers) = (self.outbox_folder(), self.answers_folder());
        fs::create_dir_all(&outbox).unwrap();
        fs::create_dir_all(&answers).unwrap();
        let entry = |(payee, entry): (&String, &&str)| format!("\"{payee}\": {entry}");
        let script = format!("{{{}}}", self.script.iter().map(entry).collect::<Vec<_>>().join(","));
        let mut bank = self.books().with_script(Script::parse(&script).unwrap());
        if let Some(schemas) = std::env::var_os("YDUN_SCHEMAS") {
            bank = bank.with_schema(Schema::load(Path::new(&schemas), "pain.001.001.03").unwrap());
        }
        simbank::work(&mut bank, &outbox, &answers, day).unwrap()
    }

    pub(crate) async fn hear(&self, answer: &[u8]) -> Heard {
        let act = self.act("abc").await;
        let format = self.format();
        change(&self.db, async |tx| service::hear(tx, &act, &format, answer).await.unwrap()).await
    }

    /// The bank, with its own books.
    pub(crate) fn books(&self) -> Simbank {
        Simbank::open(&self.folder.path().join("bank.json")).unwrap()
    }

    pub(crate) async fn payments(&self, case: CaseId) -> Vec<Payment> {
        service::of_case(&mut self.db.read().await.unwrap(), self.tenant, case).await.unwrap()
    }

    /// The case's payments as `state amount`, oldest first.
    pub(crate) async fn states(&self, case: CaseId) -> Vec<String> {
        let shown = |payment: &Payment| format!("{} {}", payment.state, payment.amount.oere());
        self.payments(case).await.iter().map(shown).collect()
    }

    /// An account's debits less its credits, in øre.
    pub(crate) async fn balance(&self, account: Account) -> i64 {
        let balances = ledger::service::balances(&mut self.db.read().await.unwrap(), self.tenant)
            .await
            .unwrap();
        balances.get(&account).copied().unwrap_or_default().oere()
    }

    /// Every account's debits less its credits, in øre.
    pub(crate) async fn balances(&self) -> BTreeMap<Account, i64> {
        let mut read = self.db.read().await.unwrap();
        let balances = ledger::service::balances(&mut read, self.tenant).await.unwrap();
        balances.into_iter().map(|(account, balance)| (account, balance.oere())).collect()
    }

    /// What the notice of a case's newest payment says is taken, as `title øre`.
    pub(crate) async fn told(&self, case: CaseId) -> Vec<String> {
        let mut read = self.db.read().await.unwrap();
        let notices = notices::service::of_case(&mut read, self.tenant, case).await.unwrap();
        let told = |taken: &notices::Deduction| format!("{} {}", taken.title, taken.amount.oere());
        notices.last().unwrap().content.deductions.iter().map(told).collect()
    }

    /// What is overpaid and open, as `line amount`.
    pub(crate) async fn overpaid(&self) -> Vec<String> {
        let mut read = self.db.read().await.unwrap();
        let open = service::overpayments(&mut read, self.tenant, &ALL_CASES).await.unwrap();
        open.iter().map(|one| format!("{} {}", one.line_key, one.amount.oere())).collect()
    }

    /// The titles of the open tasks.
    pub(crate) async fn tasks(&self) -> Vec<String> {
        let act = self.act("abc").await;
        let open =
            ydun::tasks::service::open(&mut self.db.read().await.unwrap(), &act).await.unwrap();
        open.into_iter().map(|task| task.title).collect()
    }
}

/// Where lines of a test's posting are booked.
pub(crate) fn expense(posting: &str) -> Account {
    Account::Expense(format!("konto-{posting}"))
}

/// How lines of a test's posting are taxed: an employer's receipt, unless its code says otherwise.
pub(crate) fn taxation(posting: &str) -> Taxation {
    let report = |kind: &str, refund: Option<RefundAccount>| IncomeReport {
        income_type: "04".to_owned(),
        income_kind: Some(kind.to_owned()),
        refund,
        atp: false,
        pension: false,
    };
    let refund = |kind| Some(RefundAccount { text: "urn:oio:kommune:konto:1".to_owned(), kind });
    let (treatment, report) = match posting {
        "taf" => {
            let report = IncomeReport { atp: true, ..report("0105", None) };
            (TaxTreatment::IncomeWithAmBidrag, Some(report))
        }
        "hjælp" => {
            let report = report("0041", refund(RefundKind::Benefit));
            (TaxTreatment::Income, Some(IncomeReport { pension: true, ..report }))
        }
        "tilskud" => {
            (TaxTreatment::Income, Some(report("0042", refund(RefundKind::CitizenSubsidy))))
        }
        "besparelse" => (TaxTreatment::HeldBackFromNet, None),
        "skattefri" => (TaxTreatment::TaxFree, None),
        _ => (TaxTreatment::BusinessReceipt, None),
    };
    Taxation { treatment, report }
}

/// One of many numbers that pass the check.
pub(crate) fn cvr(number: u32) -> Cvr {
    let fitting =
        (0..100).find_map(|end| format!("{:08}", 10_000_000 + number * 100 + end).parse().ok());
    fitting.unwrap()
}

/// What the bank's script says of payees that fail.
pub(crate) const NO_ACCOUNT: &str =
    r#"{"reject": "AC03", "text": "Modtageren har ingen NemKonto"}"#;
pub(crate) const CLOSED_LATER: &str = r#"{"pending": true, "then": "reject", "reject": "AC04"}"#;
pub(crate) const SLOW: &str = r#"{"pending": true}"#;
pub(crate) const BOUNCES: &str = r#"{"return": "AC04"}"#;
pub(crate) const UNSTOPPABLE: &str = r#"{"stop": "refuse"}"#;
pub(crate) const SLOW_TO_STOP: &str = r#"{"stop": "pending"}"#;
/// Under which key the script says how the bank's messages come.
pub(crate) const MESSAGES: &str = "*";

/// A company of [`Office::company`] as the bank knows it.
pub(crate) fn at_bank(number: u32) -> String {
    format!("CVR:{}", cvr(number).digits())
}

pub(crate) fn nobody() -> PartyId {
    PartyId(Uuid::from_u128(7))
}
