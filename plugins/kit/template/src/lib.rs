//! {{title}}.

use ydun_benefit::prelude::*;

pub struct {{type}};

impl Benefit for {{type}} {
    fn check(_form: &Dossier) -> Vec<Finding> {
        vec![]
    }

    fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
        let facts = Facts::of(dossier);
        let mut file = CaseFile::new(Assessments::of(&facts)?);
        let Some(application) = facts.kind("application").only()? else {
            return Err(Failure::Unsupported("der er ingen ansøgning".into()));
        };

        let limit = Settings::of(dossier).integer("age-limit")?;
        let age = application.day("born")?.years_until(dossier.span.first());
        let young = Test::new("age", "Barnet er under aldersgrænsen", "§ 2");
        file.condition(young.rests_on(application).note("alder", age).is(i64::from(age) < limit));

        let rate = Rates::of(dossier).amount("amount", dossier.span.first())?;
        let amount = file.step("beloeb", "Hjælp til et barn", "§ 3").gives(rate.value);
        file.pay(PaymentLine {
            key: format!("hjaelp:{}", dossier.span.first()),
            payee: application.who("parent")?,
            about: Some(application.about()),
            period: dossier.span,
            amount: &amount,
            posting: "help",
            reference: None,
            details: vec![],
        });
        Ok(file.close())
    }
}

ydun_benefit::export!({{type}});
