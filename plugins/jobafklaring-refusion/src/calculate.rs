//! The refund, month by month.

use ydun_benefit::prelude::*;

use crate::claims::{self, Claims};
use crate::facts::{Case, Household};
use crate::{check, conditions, letters, refund};

/// Tests the conditions, finds the days that count, and refunds each month that is asked for.
pub(crate) fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
    let case = Case::read(dossier)?;
    let mut file = CaseFile::new(Assessments::of(&case.facts)?);
    let entitlement = conditions::of_case(&case, &mut file)?;
    let mut claims = Claims::default();
    if let Some(entitlement) = &entitlement {
        claims = claims::read(&case, entitlement, &mut file)?;
        conditions::of_claims(&case, &mut claims.ready, &mut file)?;
        if file.all_met() {
            let household = Household::of(&case)?;
            for claim in &claims.ready {
                refund::pay(&case, entitlement.employer, &household, claim, &mut file)?;
            }
        }
    }
    let mut outcome = file.close_asking(&Asking {
        queue: "vurdering",
        subject: "Refusion under jobafklaring",
        about: case.employee,
        span: case.span,
    });
    if let Some(entitlement) = entitlement {
        let letters = letters::all(&case, entitlement.employer, &claims, &outcome);
        outcome.effects.extend(letters);
    }
    outcome.findings = check::check(dossier);
    Ok(outcome)
}
