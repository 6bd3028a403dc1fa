//! `ydun party reach`: how letters reach somebody.

use anyhow::Result;
use clap::Args;
use ydun::access::Register;
use ydun::cases::{self, CaseNumber};
use ydun::letters::post::service::{PostError, tell_reach};
use ydun::letters::post::{Address, Instead, Reach};
use ydun_domain::ids::PartyId;

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::Output;
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A case the party has a part in, such as 2020-00017.
    case: CaseNumber,

    /// The party's part in the case, such as employer.
    role: String,

    /// Registered for Digital Post.
    #[arg(long)]
    digital: bool,

    /// Nobody else may see where the party lives.
    #[arg(long)]
    protected: bool,

    /// A line of the address, without name and post code; give it once for each line.
    #[arg(long = "line", value_name = "LINE")]
    lines: Vec<String>,

    #[arg(long, requires = "lines")]
    post_code: Option<String>,

    /// Two letters.
    #[arg(long, default_value = "DK")]
    country: String,

    /// Another gets the letters: guardian, estate or contact.
    #[arg(long, requires = "other")]
    instead: Option<Instead>,

    /// The part in the case of that other, such as guardian.
    #[arg(long, value_name = "ROLE", requires = "instead")]
    other: Option<String>,
}

pub(super) async fn command(
    session: &Session,
    output: Output,
    arguments: Arguments,
) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let Arguments { case, role, digital, protected, lines, post_code, country, instead, other } =
        arguments;
    let found = session.case(case).await?.id;
    let mut tx = session.db.begin().await?;
    let roles = cases::service::roles_of(&mut tx, act.tenant(), &[found]).await?;
    let party = party_with(&roles, case, &role)?;
    let other = other.map(|role| party_with(&roles, case, &role)).transpose()?;
    let address = if lines.is_empty() {
        None
    } else {
        Some(Address::new(lines, post_code, country).map_err(|error| Refused(error.to_string()))?)
    };
    let reach = Reach { digital, protected, address, instead: instead.zip(other) };
    tell_reach(&mut tx, &act, party, &reach).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&party, |_| "Det er noteret, hvordan parten får sine breve.".to_owned())?;
    Ok(Ended::Done)
}

fn party_with(roles: &[cases::Role], case: CaseNumber, role: &str) -> Result<PartyId> {
    let found = roles.iter().find(|one| one.role == role).map(|one| one.party);
    let known = || roles.iter().map(|one| one.role.as_str()).collect::<Vec<_>>().join(", ");
    Ok(found.ok_or_else(|| {
        Refused(format!("case {case} has no '{role}'; its parts are {}", known()))
    })?)
}

fn told(error: PostError) -> anyhow::Error {
    match error {
        PostError::Store(error) => error.into(),
        other => Refused(other.to_string()).into(),
    }
}
