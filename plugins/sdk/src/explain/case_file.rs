//! The outcome, as it grows.

use ydun_domain::benefit::{Attribute, Finding, Line, Need, Outcome, Party, State, Step, Verdict};
use ydun_domain::{Dkk, Period};

use super::condition::{Assessments, Judgement, Tested};
use super::conditions::Conditions;
use super::step::{Explained, NewStep};
use super::task::Asking;

/// Collects conditions, steps and lines, and closes with the verdict that follows from them.
#[derive(Debug)]
pub struct CaseFile {
    assessments: Assessments,
    conditions: Conditions,
    partly: bool,
    outcome: Outcome,
}

/// A payment, with everything the host must know about it.
#[derive(Clone, Debug)]
pub struct PaymentLine<'a> {
    /// Stable within the case: the same meaning has the same key when calculated again.
    pub key: String,
    pub payee: &'a Party,
    /// The person it concerns, when that is not the payee.
    pub about: Option<&'a Party>,
    pub period: Period,
    pub amount: &'a Explained<Dkk>,
    /// A posting code of the manifest.
    pub posting: &'a str,
    /// The payee's own reference.
    pub reference: Option<&'a str>,
    /// What the payee is told beside the amount.
    pub details: Vec<Attribute>,
}

impl Default for CaseFile {
    fn default() -> Self {
        Self::new(Assessments::default())
    }
}

impl CaseFile {
    pub fn new(assessments: Assessments) -> Self {
        let outcome = Outcome {
            verdict: Verdict::Granted,
            conditions: vec![],
            lines: vec![],
            steps: vec![],
            needs: vec![],
            effects: vec![],
            findings: vec![],
        };
        Self { assessments, conditions: Conditions::default(), partly: false, outcome }
    }

    /// Takes down a condition, and answers its state after any assessment by a person.
    pub fn condition(&mut self, tested: Tested) -> State {
        let settled = self.assessments.settle(tested);
        self.conditions.take(settled)
    }

    /// What a person has judged about a condition, where the answer decides more than yes or no.
    pub fn judgement(&self, condition: &str) -> Option<Judgement> {
        self.assessments.about(condition, None, None).cloned()
    }

    /// As [`judgement`](Self::judgement), of what has been judged about these days.
    pub fn judgement_about(&self, condition: &str, days: Period) -> Option<Judgement> {
        self.assessments.about(condition, None, Some(days)).cloned()
    }

    /// As [`judgement`](Self::judgement), of what has been judged about a part, or about them all.
    pub fn judgement_of_part(&self, condition: &str, part: u32) -> Option<Judgement> {
        self.assessments.about(condition, Some(part), None).cloned()
    }

    /// Begins a step. `law` is act, section and paragraph; an id already taken gets a number.
    pub fn step(
        &mut self,
        id: &str,
        label: impl Into<String>,
        law: impl Into<String>,
    ) -> NewStep<'_> {
        NewStep::new(&mut self.outcome.steps, id, label.into(), law.into())
    }

    pub fn pay(&mut self, line: PaymentLine<'_>) {
        let id = |place: &usize| self.outcome.steps[*place].id.clone();
        let line = Line {
            steps: line.amount.steps().iter().map(id).collect(),
            key: line.key,
            payee: line.payee.clone(),
            about: line.about.cloned(),
            period: line.period,
            amount: line.amount.value,
            posting: line.posting.into(),
            reference: line.reference.map(Into::into),
            details: line.details,
        };
        self.outcome.lines.push(line);
    }

    /// Something that holds up a part of the outcome only, such as the hours of one month.
    pub fn need(&mut self, need: Need) {
        self.conditions.need(need);
    }

    pub fn finding(&mut self, finding: Finding) {
        self.outcome.findings.push(finding);
    }

    /// Less is granted than was asked for.
    pub fn partly(&mut self) {
        self.partly = true;
    }

    /// Whether every condition so far is met or does not matter here.
    pub fn all_met(&self) -> bool {
        self.conditions.meet_all()
    }

    /// Whether every condition of a part so far is met or does not matter here.
    pub fn part_met(&self, part: u32) -> bool {
        self.conditions.meet(part)
    }

    /// Whether a part is refused already, whatever else is open about it.
    pub fn part_refused(&self, part: u32) -> bool {
        self.conditions.refuse(part)
    }

    /// The verdict, as far as the conditions decide it.
    ///
    /// A condition that is not met refuses, whatever else is open; then what is missing must come
    /// before a person is asked to judge. Only a grant keeps its lines: what is refused or
    /// undecided pays nothing. A condition of a part refuses that part, and the whole when every
    /// part is refused; the whole waits for the parts that are still open.
    pub fn close(self) -> Outcome {
        let verdict = self.verdict();
        let mut outcome = self.outcome;
        (outcome.conditions, outcome.needs) = self.conditions.finish();
        outcome.verdict = verdict;
        if !matches!(verdict, Verdict::Granted | Verdict::PartlyGranted) {
            outcome.lines.clear();
        }
        outcome
    }

    /// Closes the file; an undecided case gets a task for each condition that waits for a person.
    ///
    /// `Voksenlærling, vurder for oktober 2020: Ledighedens længde er afklaret`. Nobody is asked
    /// while facts are missing, nor when the answer is no whatever she says.
    pub fn close_asking(self, asking: &Asking<'_>) -> Outcome {
        let tasks = match self.verdict() {
            Verdict::NeedsHuman => self.conditions.tasks(asking),
            _ => vec![],
        };
        let mut outcome = self.close();
        outcome.effects.extend(tasks);
        outcome
    }

    fn verdict(&self) -> Verdict {
        let waits = self.conditions.wait();
        if self.conditions.refuse_all() {
            Verdict::Refused
        } else if self.conditions.lack_facts() || waits && self.outcome.lines.is_empty() {
            Verdict::Incomplete
        } else if self.conditions.need_human() {
            Verdict::NeedsHuman
        } else if self.partly || waits || self.conditions.refuse_some() {
            Verdict::PartlyGranted
        } else {
            Verdict::Granted
        }
    }

    /// The steps taken down so far.
    pub fn steps(&self) -> &[Step] {
        &self.outcome.steps
    }
}

#[cfg(test)]
mod tests {
    use ydun_domain::benefit::{Dossier, Effect, Task};
    use ydun_domain::{Day, Rounding};

    use super::*;
    use crate::attributes::{Code, told};
    use crate::explain::{Test, need};
    use crate::facts::Facts;

    fn test() -> Test {
        Test::new("age", "Alder", "§ 1")
    }

    fn lacking() -> Tested {
        test().lacks(need("birth", &Party::new("p"), Period::of_day(Day::new(2020, 1, 1)), "alder"))
    }

    /// A case with a payment and these conditions.
    fn closed(conditions: Vec<Tested>) -> Outcome {
        let mut file = CaseFile::default();
        let hours = file.step("timer", "Timer", "§ 2").gives(rust_decimal::Decimal::TEN);
        let rate = file.step("sats", "Sats", "§ 3").gives(Dkk::from_kroner(45));
        let product = hours.value * rate.value.decimal();
        let amount = file
            .step("beloeb", "Beløb", "§ 3")
            .from("timer", &hours)
            .from("sats", &rate)
            .gives_amount(product, Rounding::NearestOere)
            .unwrap();
        file.pay(PaymentLine {
            key: "a".into(),
            payee: &Party::new("firm"),
            about: None,
            period: Period::of_day(Day::new(2020, 1, 1)),
            amount: &amount,
            posting: "tilskud",
            reference: None,
            details: vec![],
        });
        for condition in conditions {
            file.condition(condition);
        }
        file.close()
    }

    #[track_caller]
    fn check(conditions: Vec<Tested>, expected: Verdict, lines: usize) {
        let outcome = closed(conditions);
        assert_eq!((outcome.verdict, outcome.lines.len()), (expected, lines));
    }

    #[test]
    fn the_verdict_follows_from_the_conditions() {
        check(vec![], Verdict::Granted, 1);
        check(vec![test().is(true), test().state(State::NotAssessed)], Verdict::Granted, 1);
        check(vec![test().is(true), test().needs_human()], Verdict::NeedsHuman, 0);
        check(vec![lacking(), test().needs_human()], Verdict::Incomplete, 0); // facts before judgement
        check(vec![lacking(), test().is(false)], Verdict::Refused, 0); // nothing fetched could help
    }

    fn asking(about: &Party, span: Period) -> Asking<'_> {
        Asking { queue: "vurdering", subject: "Julehjælp", about, span }
    }

    /// A file in which a person has judged the age, on the first day of 2020 and no other.
    fn judged(met: bool) -> CaseFile {
        let day = Day::new(2020, 1, 1);
        let judgement = ydun_domain::benefit::Fact {
            id: "v1".into(),
            kind: Assessments::KIND.into(),
            about: Party::new("p"),
            valid: Period::of_day(day).into(),
            attributes: vec![
                told("condition", Code("age")),
                told("met", met),
                told("reason", "pas forevist"),
            ],
        };
        let dossier = Dossier {
            as_of: day,
            known_at: day,
            span: Period::of_day(day),
            facts: vec![judgement],
            rates: vec![],
            settings: vec![],
            prior: vec![],
        };
        CaseFile::new(Assessments::of(&Facts::of(&dossier)).unwrap())
    }

    #[test]
    fn a_person_decides_only_what_the_rules_leave_open() {
        let check = |met: bool, tested: Tested, expected: State| {
            let mut file = judged(met);
            assert_eq!(file.condition(tested), expected);
            file.close()
        };
        let judged = check(true, test().needs_human(), State::Met);
        assert_eq!(judged.conditions[0].facts, ["v1"]);
        assert_eq!(judged.conditions[0].note[0].value.to_string(), "pas forevist");
        check(false, test().needs_human(), State::NotMet);
        check(true, test().is(false), State::NotMet);
        check(false, test().is(true), State::Met);
    }

    #[test]
    fn what_is_judged_about_some_days_settles_no_others() {
        let year = |number| Day::new(number, 1, 1).month().period();
        let check = |days: Period, expected: State| {
            let mut file = judged(true);
            assert_eq!(file.judgement_about("age", days).is_some(), expected == State::Met);
            assert_eq!(file.condition(test().about(days).needs_human()), expected);
        };
        check(Period::of_day(Day::new(2020, 1, 1)), State::Met);
        check(year(2020), State::NeedsHuman); // one day of the month is judged, the others are not
        check(year(2021), State::NeedsHuman);
        let refused = judged(false).condition(test().about(year(2020)).needs_human());
        assert_eq!(refused, State::NotMet); // one day refused is enough
        assert!(judged(true).judgement("age").is_some());
        assert!(judged(true).judgement("wage").is_none());
    }

    #[test]
    fn an_undecided_case_asks_a_person_about_each_open_condition() {
        let (span, january) = ("2020-01-01..2020-03-31".parse().unwrap(), Day::new(2020, 1, 1));
        let mut file = CaseFile::default();
        file.condition(test().note("alder", 17).needs_human());
        file.condition(Test::new("home", "Bopæl", "§ 4").is(true));
        file.condition(
            Test::new("wage", "Løn", "§ 5").about(january.month().period()).needs_human(),
        );
        let tasks: Vec<Task> = file
            .close_asking(&asking(&Party::new("p"), span))
            .effects
            .into_iter()
            .map(|effect| if let Effect::Task(task) = effect { task } else { panic!("{effect:?}") })
            .collect();
        let titles: Vec<&str> = tasks.iter().map(|task| task.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Julehjælp, vurder for januar til marts 2020: Alder",
                "Julehjælp, vurder for januar 2020: Løn"
            ]
        );
        let age = &tasks[0];
        assert_eq!((age.key.as_str(), age.queue.as_str()), ("vurder:age", "vurdering"));
        let asked: Vec<String> =
            tasks.iter().map(|task| task.questions[0].valid.to_string()).collect();
        assert_eq!(asked, ["2020-01-01..2020-03-31", "2020-01-01..2020-01-31"]);
        assert_eq!(age.questions[0].given, [told("condition", Code("age"))]);
        let lines: Vec<String> = age
            .attributes
            .iter()
            .map(|attribute| format!("{}: {}", attribute.name, attribute.value))
            .collect();
        assert_eq!(
            lines,
            ["betingelse: Alder", "lov: § 1", "periode: januar til marts 2020", "alder: 17"]
        );
    }

    #[test]
    fn nobody_is_asked_before_the_facts_are_there_or_when_the_answer_is_no_anyway() {
        let asks = |other: Tested| {
            let mut file = CaseFile::default();
            file.condition(test().needs_human());
            file.condition(other);
            let day = Period::of_day(Day::new(2020, 1, 1));
            !file.close_asking(&asking(&Party::new("p"), day)).effects.is_empty()
        };
        assert!(asks(test().is(true)));
        assert!(!asks(test().is(false)));
        assert!(!asks(lacking()));
    }

    #[test]
    fn a_line_names_every_step_it_rests_on_last_first() {
        let outcome = closed(vec![]);
        assert_eq!(outcome.lines[0].steps, ["beloeb", "sats", "timer"]);
        assert_eq!(outcome.lines[0].amount, Dkk::from_kroner(450));
        assert_eq!(outcome.steps[2].inputs[1].value.to_string(), "45,00 kr.");
    }

    #[test]
    fn a_step_id_is_never_used_twice() {
        let mut file = CaseFile::default();
        for _ in 0..3 {
            file.step("uge", "Uge", "§ 2").gives(1);
        }
        assert_eq!(
            file.steps().iter().map(|step| step.id.as_str()).collect::<Vec<_>>(),
            ["uge", "uge~2", "uge~3"]
        );
    }
}
