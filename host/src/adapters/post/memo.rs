//! A `MeMo` message: a letter to a digital mailbox.

use std::io;

use super::{Number, Xml, element, number, pdf, text};
use crate::letters::post::format::Item;
use crate::parties::Identity;

const NAMESPACES: [(&str, &str); 3] = [
    ("xmlns:memo", "https://DigitalPost.dk/MeMo-1"),
    ("xmlns:grd", "https://data.gov.dk/model/core/"),
    ("memoVersion", "1.2"),
];

pub(super) fn write(xml: &mut Xml<'_>, item: &Item<'_>) -> io::Result<()> {
    xml.create_element("memo:Message").with_attributes(NAMESPACES).write_inner_content(|xml| {
        element(xml, "memo:MessageHeader", |xml| header(xml, item))?;
        element(xml, "memo:MessageBody", |xml| body(xml, item))
    })?;
    Ok(())
}

fn header(xml: &mut Xml<'_>, item: &Item<'_>) -> io::Result<()> {
    text(xml, "memo:messageType", "DIGITALPOST")?;
    text(xml, "memo:messageUUID", &item.message.to_string())?;
    text(xml, "memo:label", item.title)?;
    text(xml, "memo:mandatory", "true")?;
    text(xml, "memo:legalNotification", "false")?;
    element(xml, "memo:Sender", |xml| {
        text(xml, "memo:senderID", item.sender_cvr.digits())?;
        text(xml, "memo:idType", "CVR")?;
        text(xml, "memo:label", item.sender)
    })?;
    element(xml, "memo:Recipient", |xml| recipient(xml, item))?;
    element(xml, "memo:ContentData", |xml| {
        element(xml, "memo:CaseID", |xml| {
            text(xml, "memo:caseID", item.case_number)?;
            text(xml, "memo:caseSystem", "Ydun")
        })
    })
}

fn recipient(xml: &mut Xml<'_>, item: &Item<'_>) -> io::Result<()> {
    let (id, kind) = match number(item)? {
        Number::Cpr(digits) => (digits, "CPR"),
        Number::Cvr(digits) => (digits, "CVR"),
    };
    text(xml, "memo:recipientID", id)?;
    text(xml, "memo:idType", kind)?;
    match &item.to.identity {
        Identity::Citizen(_) | Identity::Company(_) => Ok(()),
        Identity::SeUnit { se, .. } => element(xml, "memo:AttentionData", |xml| {
            element(xml, "grd:SEnumber", |xml| {
                text(xml, "grd:seNumber", se.digits())?;
                text(xml, "grd:companyName", &item.to.name)
            })
        }),
        Identity::PUnit { p, .. } => element(xml, "memo:AttentionData", |xml| {
            element(xml, "grd:ProductionUnit", |xml| {
                text(xml, "grd:productionUnitNumber", p.digits())?;
                text(xml, "grd:productionUnitName", &item.to.name)
            })
        }),
    }
}

fn body(xml: &mut Xml<'_>, item: &Item<'_>) -> io::Result<()> {
    let created = item.planned_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    text(xml, "memo:createdDateTime", &created)?;
    element(xml, "memo:MainDocument", |xml| {
        text(xml, "memo:label", item.title)?;
        element(xml, "memo:File", |xml| {
            text(xml, "memo:encodingFormat", "application/pdf")?;
            text(xml, "memo:filename", &format!("{}.pdf", item.case_number))?;
            text(xml, "memo:language", "da")?;
            text(xml, "memo:content", &pdf(item))
        })
    })
}
