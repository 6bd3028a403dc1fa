//! `ydun module suspend`, `resume`, `rollback` and `policy`: what to do about a module that fails.

use anyhow::Result;
use clap::Args;
use ydun::access::{Administer, Look};
use ydun::decisions::Standing;
use ydun::modules::policy::{Policy, SelfCheck};
use ydun::modules::service::{self, PolicyError, RollBackError, SuspendError};
use ydun::modules::suspension::Suspension;
use ydun::operations::service::{RolledBack, roll_back};

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

/// A version, and why something is done about it.
#[derive(Debug, Args)]
pub(crate) struct Reasoned {
    benefit: String,
    version: String,

    /// Why, for whoever comes after you.
    #[arg(long)]
    because: String,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyArguments {
    /// So many faults within the window put a module to rest.
    #[arg(long)]
    faults: Option<u32>,

    /// Hours of the window.
    #[arg(long)]
    hours: Option<u32>,

    /// One of so many calculations is made twice, and must give the same.
    #[arg(long)]
    self_check: Option<u32>,

    /// Whether modules are only tried out here, so that unsigned ones are taken in.
    #[arg(long)]
    development: Option<bool>,
}

pub(super) async fn suspend(
    session: &Session,
    output: Output,
    arguments: Reasoned,
) -> Result<Ended> {
    let Reasoned { benefit, version, because } = arguments;
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    let suspension = service::suspend(&mut tx, &act, (&benefit, &version), &because).await;
    let suspension = suspension.map_err(told)?;
    tx.commit().await?;
    output.answer(&suspension, |Suspension { reason, .. }| {
        format!(
            "{benefit} {version} er sat i bero: {reason}\n  Der beregnes intet nyt med versionen. Det, der er \
             besluttet, udbetales fortsat."
        )
    })?;
    Ok(Ended::Done)
}

pub(super) async fn resume(
    session: &Session,
    output: Output,
    arguments: Reasoned,
) -> Result<Ended> {
    let Reasoned { benefit, version, because } = arguments;
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    service::resume(&mut tx, &act, (&benefit, &version), &because).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&because, |because| {
        format!("{benefit} {version} er ikke længere sat i bero: {because}")
    })?;
    Ok(Ended::Done)
}

fn told(error: SuspendError) -> anyhow::Error {
    match error {
        SuspendError::Store(error) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}

pub(super) async fn rollback(
    session: &Session,
    output: Output,
    arguments: Reasoned,
) -> Result<Ended> {
    let Reasoned { benefit, version, because } = arguments;
    let act = session.act::<Administer>().await?;
    let today = session.clock.today();
    let mut tx = session.db.begin().await?;
    let rolled_back = roll_back(&mut tx, &act, (&benefit, &version), today, &because).await;
    let rolled_back = rolled_back.map_err(|error| match error {
        RollBackError::Store(error) => anyhow::Error::from(error),
        refused => Refused(refused.to_string()).into(),
    })?;
    let versions = service::list(&mut tx).await?;
    tx.commit().await?;
    let name = |digest| {
        let version = versions.iter().find(|version| version.digest == digest);
        version.map_or_else(|| digest.to_string(), |version| version.version.clone())
    };
    output.answer(&rolled_back, |rolled_back| rollback_text(rolled_back, &benefit, &name))?;
    Ok(if rolled_back.decisions.is_empty() { Ended::Done } else { Ended::Found })
}

fn rollback_text(
    rolled_back: &RolledBack,
    benefit: &str,
    version: &dyn Fn(ydun_runtime::Digest) -> String,
) -> String {
    let RolledBack { days, decisions, tasks } = rolled_back;
    let opened = days
        .opened
        .iter()
        .map(|opened| format!("  {} gælder igen for {}", version(opened.digest), opened.days));
    let left = days.left.iter().map(|left| format!("  ingen version gælder for {left}"));
    let head = format!("{benefit} {} er rullet tilbage og sat i bero", version(days.digest));
    let text = std::iter::once(head).chain(opened).chain(left).collect::<Vec<_>>().join("\n");
    if decisions.is_empty() {
        return text + "\n\nIntet er besluttet eller indstillet med versionen.";
    }
    let rows: Vec<Vec<String>> = decisions
        .iter()
        .map(|made| {
            let standing = standing(made.standing).to_owned();
            vec![made.number.to_string(), made.period.to_string(), standing, made.total.to_string()]
        })
        .collect();
    let to_do = match tasks {
        0 => "Intet af det er godkendt; det bliver afløst, når perioden køres igen.".to_owned(),
        tasks => format!(
            "Godkendt med versionen: {tasks} på i alt {}. Der er en opgave for hver om at beregne igen. Intet er \
             betalt eller trukket tilbage.",
            rolled_back.amount()
        ),
    };
    format!("{text}\n\n{}\n\n{to_do}", table(&["Sag", "Periode", "Tilstand", "Beløb"], &rows))
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Proposed => "indstillet",
        Standing::Approved => "godkendt",
        Standing::Superseded => "afløst",
    }
}

/// Changes what is given, and shows what applies.
pub(super) async fn policy(
    session: &Session,
    output: Output,
    arguments: PolicyArguments,
) -> Result<Ended> {
    let look = session.act::<Look>().await?;
    let today = session.clock.today();
    let mut read = session.db.read().await?;
    let before = service::policy(&mut read, look.tenant(), today).await?;
    drop(read);
    let policy = changed(before, &arguments)?;
    if policy != before {
        let act = session.act::<Administer>().await?;
        let mut tx = session.db.begin().await?;
        service::set_policy(&mut tx, &act, today, policy).await.map_err(|error| match error {
            PolicyError::Store(error) => anyhow::Error::from(error),
            refused => Refused(refused.to_string()).into(),
        })?;
        tx.commit().await?;
    }
    output.answer(&policy, policy_text)?;
    Ok(Ended::Done)
}

fn changed(before: Policy, arguments: &PolicyArguments) -> Result<Policy> {
    let PolicyArguments { faults, hours, self_check, development } = *arguments;
    let self_check = self_check.map(SelfCheck::one_of).transpose();
    Ok(Policy {
        fault_limit: faults.unwrap_or(before.fault_limit),
        window_hours: hours.unwrap_or(before.window_hours),
        self_check: self_check
            .map_err(|error| Refused(error.to_string()))?
            .unwrap_or(before.self_check),
        is_development: development.unwrap_or(before.is_development),
    })
}

fn policy_text(policy: &Policy) -> String {
    let Policy { fault_limit, window_hours, self_check, is_development } = policy;
    let signed = if *is_development {
        "Kommunen prøver moduler af: de behøver ikke være underskrevet."
    } else {
        "Et modul skal være underskrevet af en udgiver, som kommunen har godkendt."
    };
    let hours = if *window_hours == 1 { "time" } else { "timer" };
    format!(
        "Et modul sættes i bero ved {fault_limit} fejl på {window_hours} {hours}, og når to beregninger af de samme \
         oplysninger er forskellige.\nÉn af {} beregninger laves to gange for at se, om de er ens.\n{signed}",
        self_check.every()
    )
}
