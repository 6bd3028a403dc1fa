//! Why a case is refused, as a letter tells it.

use ydun_domain::benefit::{Outcome, State};

/// The conditions that are not met, each with its law: `Lærlingen er fyldt 25 år (LAB § 154).`
pub fn why_refused(outcome: &Outcome) -> String {
    let refusing = outcome.conditions.iter().filter(|condition| condition.state == State::NotMet);
    let sentences: Vec<String> =
        refusing.map(|condition| format!("{} ({}).", condition.label, condition.law)).collect();
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{CaseFile, Test};

    #[test]
    fn only_conditions_that_are_not_met_refuse() {
        let told = |states: [State; 2]| {
            let mut file = CaseFile::default();
            file.condition(Test::new("age", "Barnet er under 18 år", "§ 2").state(states[0]));
            file.condition(Test::new("home", "Barnet bor hjemme", "§ 4").state(states[1]));
            why_refused(&file.close())
        };
        let both = "Barnet er under 18 år (§ 2). Barnet bor hjemme (§ 4).";
        assert_eq!(told([State::NotMet, State::NotMet]), both);
        assert_eq!(told([State::Met, State::NotMet]), "Barnet bor hjemme (§ 4).");
        assert_eq!(told([State::NeedsHuman, State::NotAssessed]), "");
    }
}
