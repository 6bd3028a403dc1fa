//! How to appeal: what the law demands of a decision that does not give everything.

use super::reader::Reader;

/// The national text, where the benefit has none of its own.
///
/// An appeal goes to the municipality within four weeks of receipt; it looks at the case again and, if it
/// changes nothing, sends appeal and papers to Ankestyrelsen within four weeks (Ankestyrelsens
/// klagevejledning). That guidance must be given is in forvaltningsloven § 25.
pub(super) fn guidance(reader: Reader) -> &'static str {
    reader.told(
        "Du kan klage, hvis du er uenig. Klagen skal være hos os senest fire uger efter, at du har fået \
         afgørelsen. Så vurderer vi sagen igen. Ændrer vi ikke afgørelsen, sender vi klagen og sagens papirer \
         videre til Ankestyrelsen, senest fire uger efter at vi har fået klagen.",
        "I kan klage, hvis I er uenige. Klagen skal være hos os senest fire uger efter, at I har fået \
         afgørelsen. Så vurderer vi sagen igen. Ændrer vi ikke afgørelsen, sender vi klagen og sagens papirer \
         videre til Ankestyrelsen, senest fire uger efter at vi har fået klagen.",
    )
}
