/**
 * Julehjælp in JavaScript: what `../julehjaelp/src/lib.rs` says in Rust, word for word.
 *
 * Whole numbers of 64 bits arrive as BigInt, so amounts in øre stay whole. Do not turn them into
 * numbers: a JavaScript number is a float.
 */

const MILLISECONDS_A_DAY = 86_400_000;

export const application = {
  check(form) {
    const childless = (fact) =>
      fact.attributes.some(({ name, value }) => name === "children" && value.tag === "integer" && value.val < 1n);
    const finding = (fact) => ({ path: fact.id, code: "no-children", severity: "warning", attributes: [] });
    return facts(form, "application").filter(childless).map(finding);
  },
};

export const calculation = {
  calculate(dossier) {
    const { first, last } = dossier.span;
    const inTime = ({ valid }) => first.days <= valid.first.days && valid.first.days <= last.days;
    const application = facts(dossier, "application").find(inTime);
    if (!application) {
      const notAssessed = condition("application", "Der er søgt om julehjælp", 1, "not-assessed");
      return outcome("granted", { conditions: [notAssessed] });
    }
    const [residence, needs] = livesHere(application, dossier);
    const conditions = [hasChildren(application), residence, firstThisYear(dossier)];
    const [step, line] = pay(application, dossier);
    const verdict = followsFrom(conditions);
    const lines = verdict === "granted" ? [line] : [];
    const effects = letter(application, verdict, conditions, lines);
    return outcome(verdict, { conditions, lines, steps: [step], needs, effects });
  },
};

function hasChildren(application) {
  const children = attribute(application, "children", "integer");
  return {
    ...condition("children", "Der bor børn under 18 år hjemme", 1, met(children > 0n)),
    facts: [application.id],
    note: [told("børn", "integer", children)],
  };
}

function livesHere(application, dossier) {
  const day = attribute(application, "received", "day");
  const tested = condition("residence", "Ansøgeren bor i kommunen", 2, "not-assessed");
  const isHome = ({ about, valid }) => about === application.about && holdsOn(valid, day);
  const [home, other] = facts(dossier, "residence").filter(isHome);
  if (!home) {
    const reason = "Det er ikke oplyst, hvor ansøgeren bor.";
    const need = { kind: "residence", about: application.about, valid: { first: day, last: day }, reason };
    return [{ ...tested, missing: ["residence"] }, [need]];
  }
  if (other) {
    contradiction(`residence '${home.id}' and '${other.id}': there should be one`);
  }
  const isOurs = attribute(home, "municipality", "text") === setting(dossier, "municipality", "text");
  return [{ ...tested, facts: [home.id], state: met(isOurs) }, []];
}

function firstThisYear(dossier) {
  const first = dossier.span.first;
  const isEarlier = ({ period: { last } }) => last.days < first.days && year(last) === year(first);
  return condition("once", "Der er ikke givet julehjælp i år", 3, met(!dossier.prior.some(isEarlier)));
}

function pay(application, dossier) {
  const children = attribute(application, "children", "integer");
  const each = setting(dossier, "amount-per-child", "amount");
  const amount = { oere: each.oere * children };
  const count = told("børn", "integer", children);
  const step = {
    id: "beloeb",
    label: "Julehjælp",
    law: law(4),
    inputs: [count, told("for hvert barn", "amount", each)],
    value: { tag: "amount", val: amount },
  };
  const line = {
    key: `julehjaelp:${year(dossier.span.first)}`,
    payee: application.about,
    period: dossier.span,
    amount,
    posting: "julehjaelp",
    details: [count],
    steps: [step.id],
  };
  return [step, line];
}

function letter(application, verdict, conditions, lines) {
  const written = (template, field) => {
    const steps = lines.flatMap((line) => line.steps);
    const val = { key: template, template, recipient: application.about, fields: [field], steps };
    return [{ tag: "letter", val }];
  };
  if (verdict === "granted") {
    return written("bevilling", told("beloeb", "amount", lines[0].amount));
  }
  if (verdict === "refused") {
    const refusing = conditions.filter(({ state }) => state === "not-met");
    const why = refusing.map(({ label, law }) => `${label} (${law}).`).join(" ");
    return written("afslag", told("grund", "text", why));
  }
  return [];
}

function followsFrom(conditions) {
  if (conditions.some(({ state }) => state === "not-met")) {
    return "refused";
  }
  return conditions.some(({ missing }) => missing.length > 0) ? "incomplete" : "granted";
}

function outcome(verdict, found) {
  return { verdict, conditions: [], lines: [], steps: [], needs: [], effects: [], findings: [], ...found };
}

function condition(id, label, point, state) {
  return { id, label, law: law(point), state, facts: [], missing: [], note: [] };
}

function law(point) {
  return `Julehjælp, pkt. ${point}`;
}

function met(holds) {
  return holds ? "met" : "not-met";
}

function told(name, tag, val) {
  return { name, value: { tag, val } };
}

/** Oldest first, in whatever order the host sent them. */
function facts(dossier, kind) {
  const found = dossier.facts.filter((fact) => fact.kind === kind);
  return found.sort((a, b) => a.valid.first.days - b.valid.first.days || (a.id < b.id ? -1 : 1));
}

function attribute(fact, name, kind) {
  return value(fact.attributes, name, kind, `${fact.kind} '${fact.id}'`);
}

function setting(dossier, name, kind) {
  return value(dossier.settings, name, kind, "settings");
}

function value(attributes, name, kind, owner) {
  const found = attributes.find((told) => told.name === name && told.value.tag === kind);
  return found ? found.value.val : contradiction(`${owner}, attribute '${name}': it is missing`);
}

/** An answer of the interface, unlike any other exception, which voids the run. */
function contradiction(why) {
  throw { payload: { tag: "contradiction", val: why } };
}

function holdsOn(valid, day) {
  return valid.first.days <= day.days && (valid.last === undefined || day.days <= valid.last.days);
}

function year(day) {
  return new Date(day.days * MILLISECONDS_A_DAY).getUTCFullYear();
}
