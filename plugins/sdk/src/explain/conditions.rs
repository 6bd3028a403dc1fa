//! The conditions of a case: those of the whole, and those of one part of what is asked for.

use ydun_domain::Period;
use ydun_domain::benefit::{Condition, Effect, Need, State, Task};

use super::condition::Tested;
use super::task::Asking;

/// Conditions as they are taken down, and what they lack.
///
/// A part that is refused stands aside: nothing it lacks or leaves open holds up the rest.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    taken: Vec<Taken>,
    /// With the part that lacks it, if it is not the whole.
    needs: Vec<(Option<u32>, Need)>,
}

#[derive(Debug)]
struct Taken {
    condition: Condition,
    /// The condition's id as assessments name it, without the part.
    name: String,
    /// The days it is about, when it is not about the case as a whole.
    about: Option<Period>,
    /// The part it decides, when it does not decide the whole.
    part: Option<u32>,
}

impl Conditions {
    pub(super) fn take(&mut self, tested: Tested) -> State {
        let Tested { mut condition, about, part, need } = tested;
        let state = condition.state;
        let name = condition.id.clone();
        if let Some(part) = part {
            condition.id = format!("{}:{part}", condition.id);
        }
        self.taken.push(Taken { condition, name, about, part });
        self.needs.extend(need.map(|need| (part, need)));
        state
    }

    pub(super) fn need(&mut self, need: Need) {
        self.needs.push((None, need));
    }

    /// Whether a condition of the whole is not met, or every part is refused.
    pub(super) fn refuse_all(&self) -> bool {
        let whole = self.taken.iter().any(|taken| taken.part.is_none() && taken.fails());
        let mut parts = self.taken.iter().filter_map(|taken| taken.part).peekable();
        whole || parts.peek().is_some() && parts.all(|part| self.refuse(part))
    }

    pub(super) fn refuse_some(&self) -> bool {
        self.taken.iter().any(Taken::fails)
    }

    pub(super) fn refuse(&self, part: u32) -> bool {
        self.of(part).any(Taken::fails)
    }

    pub(super) fn meet(&self, part: u32) -> bool {
        !self.of(part).any(|taken| taken.fails() || taken.is_open())
    }

    /// Whether everything is met that still counts.
    pub(super) fn meet_all(&self) -> bool {
        !self.refuse_all() && !self.counting().any(Taken::is_open)
    }

    pub(super) fn need_human(&self) -> bool {
        self.counting().any(Taken::is_for_a_person)
    }

    pub(super) fn lack_facts(&self) -> bool {
        self.counting().any(Taken::lacks_facts)
    }

    /// Whether something is needed that could still change the answer.
    pub(super) fn wait(&self) -> bool {
        self.needs.iter().any(|(part, _)| self.counts(*part))
    }

    /// A task for each condition a person must judge.
    pub(super) fn tasks(&self, asking: &Asking<'_>) -> Vec<Effect> {
        let open = self.counting().filter(|taken| taken.is_for_a_person());
        open.map(|taken| Effect::Task(taken.task(asking))).collect()
    }

    /// Every condition, and the needs that could still change the answer.
    pub(super) fn finish(mut self) -> (Vec<Condition>, Vec<Need>) {
        let mut needs = std::mem::take(&mut self.needs);
        needs.retain(|(part, _)| self.counts(*part));
        let conditions = self.taken.into_iter().map(|taken| taken.condition).collect();
        (conditions, needs.into_iter().map(|(_, need)| need).collect())
    }

    fn counting(&self) -> impl Iterator<Item = &Taken> {
        self.taken.iter().filter(|taken| self.counts(taken.part))
    }

    fn counts(&self, part: Option<u32>) -> bool {
        part.is_none_or(|part| !self.refuse(part))
    }

    fn of(&self, part: u32) -> impl Iterator<Item = &Taken> {
        self.taken.iter().filter(move |taken| taken.part == Some(part))
    }
}

impl Taken {
    fn task(&self, asking: &Asking<'_>) -> Task {
        let days = self.about.unwrap_or(asking.span);
        let question = asking.question(&self.name, self.part, days);
        asking.to_judge(&self.condition, question, days)
    }

    fn fails(&self) -> bool {
        self.condition.state == State::NotMet
    }

    fn is_for_a_person(&self) -> bool {
        self.condition.state == State::NeedsHuman
    }

    fn lacks_facts(&self) -> bool {
        !self.condition.missing.is_empty()
    }

    fn is_open(&self) -> bool {
        self.is_for_a_person() || self.lacks_facts()
    }
}

#[cfg(test)]
mod tests {
    use ydun_domain::benefit::{Attribute, Dossier, Effect, Fact, Outcome, Party, State, Verdict};
    use ydun_domain::{Day, Period};

    use crate::attributes::{Code, told};
    use crate::explain::{Asking, Assessments, CaseFile, Test, Tested, need};
    use crate::facts::Facts;

    const DAY: Day = Day::new(2020, 1, 1);

    /// A condition of the whole.
    fn whole() -> Test {
        Test::new("age", "Alder", "§ 1")
    }

    /// A condition of one part, such as an expense.
    fn part(number: u32) -> Test {
        Test::new("need", "Behov", "§ 4").of_part(number)
    }

    fn lacking(test: Test) -> Tested {
        test.lacks(need("birth", &Party::new("p"), Period::of_day(DAY), "alder"))
    }

    fn closed(conditions: impl IntoIterator<Item = Tested>) -> Outcome {
        let mut file = CaseFile::default();
        for condition in conditions {
            file.condition(condition);
        }
        file.close()
    }

    #[track_caller]
    fn check(conditions: impl IntoIterator<Item = Tested>, expected: Verdict, needs: usize) {
        let outcome = closed(conditions);
        assert_eq!((outcome.verdict, outcome.needs.len()), (expected, needs));
    }

    #[test]
    fn a_part_is_refused_on_its_own() {
        use Verdict::{Granted, NeedsHuman, PartlyGranted, Refused};
        let refused = || part(1).is(false);
        check([part(1).is(true), part(2).is(true)], Granted, 0);
        check([refused(), part(2).is(true)], PartlyGranted, 0);
        check([refused(), part(2).is(false)], Refused, 0);
        check([refused(), part(2).needs_human()], NeedsHuman, 0); // the whole waits
        check([refused(), part(1).needs_human(), part(2).is(true)], PartlyGranted, 0);
        check([part(1).is(true), whole().is(false)], Refused, 0);
        check([refused(), whole().is(true)], Refused, 0); // there is no other part
    }

    #[test]
    fn what_a_refused_part_lacks_is_not_asked_for() {
        let refused = || part(1).is(false);
        check([lacking(part(1)), refused(), part(2).is(true)], Verdict::PartlyGranted, 0);
        check([refused(), lacking(part(2))], Verdict::Incomplete, 1);
        check([refused(), part(2).is(true), lacking(whole())], Verdict::Incomplete, 1);
    }

    #[test]
    fn a_part_is_told_in_the_id_of_its_conditions() {
        let outcome = closed([whole().is(true), part(1).is(true), part(2).is(true)]);
        let ids: Vec<&str> = outcome.conditions.iter().map(|found| found.id.as_str()).collect();
        assert_eq!(ids, ["age", "need:1", "need:2"]);
    }

    #[test]
    fn the_file_knows_which_parts_are_met_and_which_refused() {
        let mut file = CaseFile::default();
        for tested in [part(1).is(false), part(2).is(true), part(3).needs_human()] {
            file.condition(tested);
        }
        assert_eq!([1, 2, 3].map(|number| file.part_refused(number)), [true, false, false]);
        assert_eq!([1, 2, 3].map(|number| file.part_met(number)), [false, true, false]);
        assert!(!file.all_met()); // part 3 is open
    }

    #[test]
    fn only_what_still_counts_is_put_to_a_person() {
        let mut file = CaseFile::default();
        for tested in [part(1).needs_human(), whole().is(true), part(2).needs_human()] {
            file.condition(tested);
        }
        file.condition(Test::new("debt", "Gæld", "§ 5").of_part(1).is(false));
        let asking = Asking {
            queue: "vurdering",
            subject: "Hjælp",
            about: &Party::new("p"),
            span: Period::of_day(DAY),
        };
        let outcome = file.close_asking(&asking);
        let [Effect::Task(task)] = &outcome.effects[..] else { panic!("{:?}", outcome.effects) };
        assert_eq!(task.key, "vurder:need:2");
        let given = vec![told("condition", Code("need")), told("part", 2)];
        assert_eq!(task.questions[0].given, given);
    }

    #[test]
    fn an_assessment_that_names_no_part_is_about_every_part() {
        let dossier = assessed(vec![
            vec![told("met", true), told("reason", "alle")],
            vec![told("part", 2), told("met", false), told("reason", "kun den anden")],
        ]);
        let mut file = CaseFile::new(Assessments::of(&Facts::of(&dossier)).unwrap());
        let outcome = [1, 2, 3].map(|number| file.condition(part(number).needs_human()));
        assert_eq!(outcome, [State::Met, State::NotMet, State::Met]);
        assert_eq!(file.judgement_of_part("need", 2).unwrap().reason, "kun den anden");
        assert!(file.judgement("need").is_some_and(|judgement| judgement.met));
    }

    /// A dossier with assessments of the parts' condition, oldest first.
    fn assessed(assessments: Vec<Vec<Attribute>>) -> Dossier {
        let fact = |(place, mut attributes): (u32, Vec<Attribute>)| {
            attributes.push(told("condition", Code("need")));
            Fact {
                id: format!("v{place}"),
                kind: Assessments::KIND.into(),
                about: Party::new("p"),
                valid: "2020-01-01..".parse().unwrap(),
                attributes,
            }
        };
        Dossier {
            as_of: DAY,
            known_at: DAY,
            span: Period::of_day(DAY),
            facts: (1..).zip(assessments).map(fact).collect(),
            rates: vec![],
            settings: vec![],
            prior: vec![],
        }
    }
}
