//! `ydun party reach`: how letters reach somebody.

use anyhow::Result;
use clap::Args;
use ydun::access::Register;
use ydun::cases::CaseNumber;
use ydun::letters::post::service::{PostError, tell_reach};
use ydun::letters::post::{Address, Instead, Reach};

use super::in_role;
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
    let case = session.case(case).await?;
    let mut tx = session.db.begin().await?;
    let party = in_role(&mut tx, act.tenant(), &case, &role).await?;
    let other = match other {
        Some(role) => Some(in_role(&mut tx, act.tenant(), &case, &role).await?),
        None => None,
    };
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

fn told(error: PostError) -> anyhow::Error {
    match error {
        PostError::Store(error) => error.into(),
        other => Refused(other.to_string()).into(),
    }
}
