//! `check`: the host's verification, before the host does it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use ydun_runtime::verify::{self, StepReport, manifest_of};
use ydun_runtime::{Code, FloatPolicy, Manifest, Report, Signing, Terms};

use crate::subject::{self, Named, Subject};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// The version in use, as a .wasm file: settings and facts must still mean the same.
    #[arg(long)]
    previous: Option<PathBuf>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let previous = match &arguments.previous {
        Some(file) => Some(Subject::open(file)?.manifest()?),
        None => None,
    };
    let report = report(&subject, Signing::NotAsked, previous.as_ref())?;
    print!("{}", told(&report));
    if let Some(failed) = report.failed() {
        print!("{}", advice(&subject, failed)?);
    }
    Ok(report.passed())
}

/// The host's own report, on the terms the host asks.
pub(crate) fn report(
    subject: &Subject,
    signing: Signing<'_>,
    previous: Option<&Manifest>,
) -> Result<Report> {
    let manifest = manifest_of(&subject.bytes);
    let floats = manifest.map_or(FloatPolicy::Forbid, |manifest| FloatPolicy::of(&manifest));
    let terms = Terms { floats, signing, previous };
    Ok(verify::verify(&subject::sandbox()?, &subject.bytes, terms).report)
}

fn told(report: &Report) -> String {
    let step = |step: &StepReport| {
        let mark = if step.passed { "ok    " } else { "FAILED" };
        format!("{mark} {:>2}  {}\n", step.number, step.sentence)
    };
    report.steps.iter().map(step).collect()
}

/// What is wrong, where it stands in the manifest, and what to do about it.
fn advice(subject: &Subject, failed: &StepReport) -> Result<String> {
    let mut text = format!("\n{}: {}\n", failed.code, failed.detail);
    if let Some(package) = &subject.package {
        let path = package.join("manifest.json");
        let manifest = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        if let Some(line) = line_of(&manifest, &failed.detail) {
            let _ = writeln!(text, "at manifest.json, line {line}");
        }
    }
    let _ = writeln!(text, "fix: {}", fix(failed.code));
    Ok(text)
}

/// The line where the last of the names that an error quotes is found, each sought after the one
/// before: `fact 'wage', attribute 'hours': has a bound of another type`.
fn line_of(manifest: &str, error: &str) -> Option<usize> {
    let place = error.split(": ").next()?;
    let mut at = None;
    for name in place.split('\'').skip(1).step_by(2) {
        let from = at.unwrap_or(0);
        let found = manifest[from..].find(&format!("\"{name}\""))?;
        at = Some(from + found + 1);
    }
    let at = at.or_else(|| manifest.find(&format!("\"{place}\"")))?;
    Some(manifest[..at].matches('\n').count() + 1)
}

fn fix(code: Code) -> &'static str {
    match code {
        Code::Size => {
            "leave out what is large: debug information, tables that could be facts; \
             where an interpreter comes along, say \"class\": \"interpreted\""
        }
        Code::Floats => {
            "use Decimal and Dkk; f32, f64 and serde_json bring floats in (cargo tree shows who)"
        }
        Code::ManifestMissing | Code::ManifestTwice => {
            "build with `ydun-plugin build`, which puts manifest.json inside once"
        }
        Code::ManifestFormat | Code::ManifestContent => {
            "correct manifest.json there; plugins/README.md says what each part means"
        }
        Code::Interface => "name the interface 1.0.0 in the manifest, and say export!(YourBenefit)",
        Code::Import => {
            "a module can call nothing outside; find the crate that wants a clock, chance or files"
        }
        Code::Instantiate => "nothing may run when the module starts; look for a start function",
        Code::CasesFormat => "put at least one case into cases/, as a table",
        Code::CaseFault | Code::CaseAnswer => {
            "`ydun-plugin test` shows the whole difference; mend the law or the promise"
        }
        Code::CaseRepeat => {
            "look for what keeps a value between calls: a static, a hash map's order"
        }
        Code::CaseOrder => "take facts by kind and day, never by their place in the list",
        Code::CaseBudget => "`ydun-plugin profile` shows which case is dear",
        Code::Generated => "`ydun-plugin fuzz` finds the dossier and makes it small",
        Code::Incompatible => {
            "what municipalities have chosen and citizens answered must keep its meaning: add, never take away"
        }
        _ => "the error above says what was met",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_in_the_text_of_the_manifest() {
        let manifest = r#"{
  "title": "",
  "facts": [
    { "kind": "birth", "attributes": [{ "name": "day" }] },
    { "kind": "wage", "attributes": [
      { "name": "day" }
    ] }
  ]
}"#;
        let check = |error, line| assert_eq!(line_of(manifest, error), line, "{error}");
        check("title: is empty", Some(2));
        check("fact 'wage': does not say whom it is about", Some(5));
        check("fact 'wage', attribute 'day': has 'x' twice", Some(6));
        check("fact 'other': is strange", None);
    }
}
