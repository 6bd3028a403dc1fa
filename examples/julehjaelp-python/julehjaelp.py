"""Julehjælp in Python: what `../julehjaelp/src/lib.rs` says in Rust, word for word.

Amounts are whole øre in Python's whole numbers. Nothing here needs a float.
"""

from datetime import date

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.types import (
    Attribute, Condition, Date, Dossier, Effect, Effect_Letter, Fact, Failure_Contradiction,
    Finding, Letter, Line, Money, Need, Outcome, Scalar_Amount, Scalar_Day, Scalar_Integer,
    Scalar_Text, Severity, State, Step, Validity, Verdict,
)

EPOCH = date(1970, 1, 1).toordinal()


class Application(exports.Application):
    def check(self, input: Dossier) -> list[Finding]:
        def childless(fact: Fact) -> bool:
            return any(
                told.name == "children" and isinstance(told.value, Scalar_Integer) and told.value.value < 1
                for told in fact.attributes
            )

        applications = facts(input, "application")
        return [Finding(fact.id, "no-children", Severity.WARNING, []) for fact in applications if childless(fact)]


class Calculation(exports.Calculation):
    def calculate(self, input: Dossier) -> Outcome:
        first, last = input.span.first.days, input.span.last.days
        applications = [fact for fact in facts(input, "application") if first <= fact.valid.first.days <= last]
        if not applications:
            not_assessed = condition("application", "Der er søgt om julehjælp", 1, State.NOT_ASSESSED)
            return Outcome(Verdict.GRANTED, [not_assessed], [], [], [], [], [])
        application = applications[0]
        residence, needs = lives_here(application, input)
        conditions = [has_children(application), residence, first_this_year(input)]
        step, line = pay(application, input)
        verdict = follows_from(conditions)
        lines = [line] if verdict == Verdict.GRANTED else []
        effects = letter(application, verdict, conditions, lines)
        return Outcome(verdict, conditions, lines, [step], needs, effects, [])


def has_children(application: Fact) -> Condition:
    children = attribute(application, "children", Scalar_Integer)
    tested = condition("children", "Der bor børn under 18 år hjemme", 1, met(children > 0))
    tested.facts = [application.id]
    tested.note = [Attribute("børn", Scalar_Integer(children))]
    return tested


def lives_here(application: Fact, dossier: Dossier) -> tuple[Condition, list[Need]]:
    day = attribute(application, "received", Scalar_Day)
    tested = condition("residence", "Ansøgeren bor i kommunen", 2, State.NOT_ASSESSED)
    homes = [
        fact for fact in facts(dossier, "residence")
        if fact.about == application.about and holds_on(fact.valid, day)
    ]
    if not homes:
        tested.missing = ["residence"]
        reason = "Det er ikke oplyst, hvor ansøgeren bor."
        return tested, [Need("residence", application.about, Validity(day, day), reason)]
    if len(homes) > 1:
        contradiction(f"residence '{homes[0].id}' and '{homes[1].id}': there should be one")
    ours = setting(dossier, "municipality", Scalar_Text)
    tested.facts = [homes[0].id]
    tested.state = met(attribute(homes[0], "municipality", Scalar_Text) == ours)
    return tested, []


def first_this_year(dossier: Dossier) -> Condition:
    first = dossier.span.first
    earlier = [line for line in dossier.prior if line.period.last.days < first.days]
    paid = any(year(line.period.last) == year(first) for line in earlier)
    return condition("once", "Der er ikke givet julehjælp i år", 3, met(not paid))


def pay(application: Fact, dossier: Dossier) -> tuple[Step, Line]:
    children = attribute(application, "children", Scalar_Integer)
    each = setting(dossier, "amount-per-child", Scalar_Amount)
    amount = Money(each.oere * children)
    told = Attribute("børn", Scalar_Integer(children))
    inputs = [told, Attribute("for hvert barn", Scalar_Amount(each))]
    step = Step("beloeb", "Julehjælp", law(4), inputs, Scalar_Amount(amount))
    key = f"julehjaelp:{year(dossier.span.first)}"
    line = Line(key, application.about, None, dossier.span, amount, "julehjaelp", None, [told], [step.id])
    return step, line


def letter(application: Fact, verdict: Verdict, conditions: list[Condition], lines: list[Line]) -> list[Effect]:
    if verdict == Verdict.GRANTED:
        template, field = "bevilling", Attribute("beloeb", Scalar_Amount(lines[0].amount))
    elif verdict == Verdict.REFUSED:
        refusing = [tested for tested in conditions if tested.state == State.NOT_MET]
        why = " ".join(f"{tested.label} ({tested.law})." for tested in refusing)
        template, field = "afslag", Attribute("grund", Scalar_Text(why))
    else:
        return []
    steps = [step for line in lines for step in line.steps]
    return [Effect_Letter(Letter(template, template, application.about, [field], steps))]


def follows_from(conditions: list[Condition]) -> Verdict:
    if any(tested.state == State.NOT_MET for tested in conditions):
        return Verdict.REFUSED
    return Verdict.INCOMPLETE if any(tested.missing for tested in conditions) else Verdict.GRANTED


def condition(id: str, label: str, point: int, state: State) -> Condition:
    return Condition(id, label, law(point), state, [], [], [])


def law(point: int) -> str:
    return f"Julehjælp, pkt. {point}"


def met(holds: bool) -> State:
    return State.MET if holds else State.NOT_MET


def facts(dossier: Dossier, kind: str) -> list[Fact]:
    """Oldest first, in whatever order the host sent them."""
    found = [fact for fact in dossier.facts if fact.kind == kind]
    return sorted(found, key=lambda fact: (fact.valid.first.days, fact.id))


def attribute(fact: Fact, name: str, kind: type):
    return value(fact.attributes, name, kind, f"{fact.kind} '{fact.id}'")


def setting(dossier: Dossier, name: str, kind: type):
    return value(dossier.settings, name, kind, "settings")


def value(attributes: list[Attribute], name: str, kind: type, owner: str):
    for told in attributes:
        if told.name == name and isinstance(told.value, kind):
            return told.value.value
    contradiction(f"{owner}, attribute '{name}': it is missing")


def contradiction(why: str):
    """An answer of the interface, unlike any other exception, which voids the run."""
    raise Err(Failure_Contradiction(why))


def holds_on(valid: Validity, day: Date) -> bool:
    return valid.first.days <= day.days and (valid.last is None or day.days <= valid.last.days)


def year(day: Date) -> int:
    return date.fromordinal(EPOCH + day.days).year
