//! Calls that somebody of the house writes down.

use super::{Kind, NewInteraction, append, check};
use crate::{
    Refusal, Trouble,
    staff::{Actor, Right, audit},
};
use kernel::{ContactId, Sentence, Seq, Timestamp, text::one_line};
use serde_json::json;
use store::Write;

/// What can be written down of a call.
pub const CALLS: [Kind; 3] = [Kind::CallOut, Kind::CallIn, Kind::CallMissed];

/// Writes a call into the log of a contact, now, with what was said; the text may be empty.
///
/// # Errors
/// `Right`; `Invalid` at `kind` where it is no call, at `subject` where the text is longer than the log takes.
pub async fn note_call(
    unit: &Write,
    actor: &Actor,
    contact: ContactId,
    kind: &str,
    text: &str,
    now: Timestamp,
) -> Result<Seq, Trouble> {
    actor.must(Right::RecordInteractions)?;
    let kind = Kind::parse(kind).filter(|kind| CALLS.contains(kind));
    let kind = kind.ok_or_else(|| Refusal::field("kind", "unknown", Sentence::new("interactions-no-call")))?;
    let text = one_line(text);
    let item = NewInteraction {
        subject: (!text.is_empty()).then_some(text),
        props: Some(json!({ "by": actor.name.as_str() })),
        ..NewInteraction::new(kind, now).of(contact)
    };
    let wrong = check(&item, "", now);
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong).into());
    }
    let seq = append(unit, &[item], now).await?.first().map_or(Seq(0), |at| at.seq);
    let deed = audit::Deed::new("interaction.noted", "contact", contact.0).with(json!({ "kind": kind.code() }));
    audit::note(unit, actor, now, deed).await?;
    Ok(seq)
}
