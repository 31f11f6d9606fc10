//! What may go over the line: CRLF line ends only, no line beyond 998 octets, dots stuffed (RFC 5321, sections 2.3.8,
//! 4.5.2, 4.5.3.1.6).
//!
//! A bare CR or LF is refused, not mended: receivers disagree about it, and a mail that one server reads as two is how
//! SMTP smuggling works.

/// Why bytes are not fit to be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("a carriage return or line feed stands alone")]
    BareLineEnd,
    #[error("a NUL or a byte that is not ASCII")]
    NotAscii,
    /// The first 40 characters of the line.
    #[error("a line is longer than 998 octets: {line}")]
    LongLine { line: String },
}

const LONGEST: usize = 998;

/// Checks a mail without copying it.
pub fn examine(raw: &[u8]) -> Result<(), Flaw> {
    lines(raw, |_| {})
}

/// Appends the mail as DATA wants it: dots at the start of a line doubled, ended by CRLF "." CRLF.
pub fn append(raw: &[u8], out: &mut Vec<u8>) -> Result<(), Flaw> {
    out.reserve(raw.len() + raw.len() / 50 + 8);
    lines(raw, |line| {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    })?;
    out.extend_from_slice(b".\r\n");
    Ok(())
}

fn lines(raw: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), Flaw> {
    let mut start = 0;
    while start < raw.len() {
        let length = raw[start..].iter().position(|b| *b == b'\n').unwrap_or(raw.len() - start);
        let end = start + length;
        let line = match raw.get(end) {
            Some(_) => raw[start..end].strip_suffix(b"\r").ok_or(Flaw::BareLineEnd)?,
            None => &raw[start..end],
        };
        if line.iter().fold(false, |bad, b| bad | (*b == b'\r') | (*b == 0) | (*b >= 0x80)) {
            return Err(if line.contains(&b'\r') { Flaw::BareLineEnd } else { Flaw::NotAscii });
        }
        if line.len() > LONGEST {
            return Err(Flaw::LongLine { line: String::from_utf8_lossy(&line[..40]).into_owned() });
        }
        each(line);
        start = end + 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a receiver does (RFC 5321, section 4.5.2): up to the first line of a lone dot, one leading dot taken away.
    fn receive(data: &[u8]) -> (Vec<u8>, usize) {
        let mut mail = Vec::new();
        let mut used = 0;
        for line in data.split_inclusive(|b| *b == b'\n') {
            used += line.len();
            if line == b".\r\n" {
                return (mail, used);
            }
            mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        panic!("no end of data");
    }

    #[test]
    fn smuggled_ends_of_data_are_refused() {
        for evil in
            ["a\n.\nMAIL", "a\r\n.\nMAIL", "a\n.\r\nMAIL", "a\r.\rMAIL", "a\r\n.\rMAIL\r\n", "a\r\r\n.\r\n", "x\n"]
        {
            assert_eq!(append(evil.as_bytes(), &mut Vec::new()), Err(Flaw::BareLineEnd), "{evil:?}");
        }
        assert_eq!(examine(b"a\0b"), Err(Flaw::NotAscii));
        assert!(matches!(examine(&[b'a'; 999]), Err(Flaw::LongLine { .. })));
        assert_eq!(examine(&[b'a'; 998]), Ok(()));
    }

    proptest! {
        #[test]
        fn a_receiver_gets_back_what_was_sent(lines in prop::collection::vec("[.a-z ]{0,6}", 0..12)) {
            let raw = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
            let mut sent = Vec::new();
            append(raw.as_bytes(), &mut sent).unwrap();
            let (mail, used) = receive(&sent);
            prop_assert_eq!(String::from_utf8(mail).unwrap(), raw);
            prop_assert_eq!(used, sent.len(), "the data ended early");
        }

        #[test]
        fn any_bytes_are_sent_whole_or_refused(raw in prop::collection::vec(prop::sample::select(b".\r\na\0".to_vec()), 0..40)) {
            let mut sent = Vec::new();
            if append(&raw, &mut sent).is_ok() {
                let (mail, used) = receive(&sent);
                prop_assert_eq!(used, sent.len());
                let with_end = [raw.as_slice(), b"\r\n"].concat();
                prop_assert!(mail == raw || mail == with_end);
            }
        }
    }
}
