//! Why a release could not be written to the outgoing directory or taken out of it, and what to do about it.

use super::{Language, Message};
use crate::domain::extract::{OUTGOING, Unwritten};

crate::messages! {
    NO_ROOM = "De uitgaande map heeft geen ruimte meer." / "The outgoing directory has no room left.";
    NO_ROOM_ACTION = "Maak ruimte vrij op haar schijf." / "Free space on its disk.";
    NOT_ALLOWED = "De worker mag niet in de uitgaande map schrijven." / "The worker may not write to the outgoing directory.";
    NOT_ALLOWED_ACTION = "Geef de gebruiker van de worker daar schrijfrecht, of koppel de schijf schrijfbaar aan." / "Let the user of the worker write there, or mount the disk writable.";
    NO_DIRECTORY = "Op de plaats van de uitgaande map staat iets anders." / "Something else stands where the outgoing directory should be.";
    NO_DIRECTORY_ACTION = "Haal het weg, of wijs met outgoing in de configuratie een andere map aan." / "Move it away, or name another directory with outgoing in the configuration.";
    TAKEN = "In de uitgaande map staat onder deze naam al iets anders." / "The outgoing directory holds something else by this name.";
    TAKEN_ACTION = "Kijk wat het is en haal het daar weg; overschreven wordt er niets." / "See what it is and move it away; nothing is overwritten.";
    SIGNING_KEY = "De sleutel waarmee leveringen worden ondertekend is niet te gebruiken." / "The key that signs releases cannot be used.";
    SIGNING_KEY_ACTION = "Kijk wat portaal doctor ervan zegt; zonder handtekening gaat er niets uit." / "See what portaal doctor says of it; nothing leaves without a signature.";
    OTHER = "De uitgaande map was niet bij te werken." / "The outgoing directory could not be brought up to date.";
    OTHER_ACTION = "Verhelp wat het systeem hieronder zegt." / "Mend what the system says below.";
    AGAIN = "De wachtrij probeert het vanzelf opnieuw. Meteen, of als de taak stilstaat: Systeem, Taken, opnieuw proberen (portaal job retry {job})." / "The queue tries again by itself. At once, or when the job is held: System, Jobs, try again (portaal job retry {job}).";
    SAYS = "Het systeem zegt: {detail}" / "The system says: {detail}";
}

/// The code in the error of a job with what the system said; none when the error is another.
fn code(error: &str) -> Option<(Unwritten, &str)> {
    let rest = error.strip_prefix(OUTGOING)?;
    let (code, detail) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((code.parse().ok()?, detail))
}

const fn words(why: Unwritten) -> (&'static Message, &'static Message) {
    match why {
        Unwritten::NoRoom => (&NO_ROOM, &NO_ROOM_ACTION),
        Unwritten::NotAllowed => (&NOT_ALLOWED, &NOT_ALLOWED_ACTION),
        Unwritten::NoDirectory => (&NO_DIRECTORY, &NO_DIRECTORY_ACTION),
        Unwritten::Taken => (&TAKEN, &TAKEN_ACTION),
        Unwritten::SigningKey => (&SIGNING_KEY, &SIGNING_KEY_ACTION),
        Unwritten::Other => (&OTHER, &OTHER_ACTION),
    }
}

/// What is the matter, for a list; none when the error of the job is another.
pub fn what(error: &str) -> Option<&'static Message> {
    code(error).map(|(why, _)| words(why).0)
}

/// What is the matter, what to do and what the system said, a sentence a line; none when the error of the job is another.
pub fn lines(error: &str, job: &str, language: Language) -> Option<Vec<String>> {
    let (why, detail) = code(error)?;
    let (what, action) = words(why);
    Some(vec![
        what.text(language).to_owned(),
        action.text(language).to_owned(),
        AGAIN.with(language, &[("job", job)]),
        SAYS.with(language, &[("detail", detail)]),
    ])
}
