//! Messages of a bank, as short as their readers take them.

/// A pain.002 about a file.
pub(crate) fn status(message_id: &str, about: &str, says: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03\"><CstmrPmtStsRpt>
         <GrpHdr><MsgId>{message_id}</MsgId></GrpHdr>
         <OrgnlGrpInfAndSts><OrgnlMsgId>{about}</OrgnlMsgId></OrgnlGrpInfAndSts>
         <OrgnlPmtInfAndSts>{says}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
}

/// What a pain.002 says of every payment.
pub(crate) fn all(status: &str) -> String {
    format!("<PmtInfSts>{status}</PmtInfSts>")
}

/// A camt.029 on one request to stop.
pub(crate) fn stop_answer(message_id: &str, end_to_end: &str, status: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.029.001.10\"><RsltnOfInvstgtn>
         <Assgnmt><Id>{message_id}</Id></Assgnmt><Sts><Conf>INFO</Conf></Sts>
         <CxlDtls><TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId>
         <TxCxlSts>{status}</TxCxlSts></TxInfAndSts></CxlDtls></RsltnOfInvstgtn></Document>"
    )
}

/// A camt.054 with some entries.
pub(crate) fn advice(message_id: &str, entries: &[String]) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.02\"><BkToCstmrDbtCdtNtfctn>
         <GrpHdr><MsgId>{message_id}</MsgId></GrpHdr><Ntfctn>{}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>",
        entries.concat()
    )
}

/// A camt.053 of a day, with opening and closing balance in kroner.
pub(crate) fn statement(
    message_id: &str,
    day: &str,
    (opening, closing): (&str, &str),
    entries: &[String],
) -> String {
    let balance = |kind: &str, kroner: &str| {
        let (side, kroner) = match kroner.strip_prefix('-') {
            Some(kroner) => ("DBIT", kroner),
            None => ("CRDT", kroner),
        };
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">{kroner}</Amt>
             <CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>
         <GrpHdr><MsgId>{message_id}</MsgId></GrpHdr><Stmt><Id>S-{message_id}</Id>
         <Acct><Id><Othr><Id>99990000000001</Id></Othr></Id></Acct>{}{}{}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing),
        entries.concat()
    )
}

/// Money drawn for a payment.
pub(crate) fn drawn(end_to_end: &str, kroner: &str) -> String {
    entry(
        "DBIT",
        kroner,
        &format!("<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs></TxDtls>"),
    )
}

/// Money that came back.
pub(crate) fn returned(end_to_end: &str, kroner: &str, reason: &str) -> String {
    let details = format!(
        "<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>
         <RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf></TxDtls>"
    );
    entry("CRDT", kroner, &details)
}

/// A file's payments, drawn as one amount.
pub(crate) fn batch(message_id: &str, kroner: &str) -> String {
    entry("DBIT", kroner, &format!("<Btch><MsgId>{message_id}</MsgId></Btch>"))
}

fn entry(side: &str, kroner: &str, details: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"DKK\">{kroner}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>
         <NtryDtls>{details}</NtryDtls></Ntry>"
    )
}
