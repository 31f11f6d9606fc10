//! What a mail server answers (RFC 5321, section 4.2): a code and text that is never thrown away.

/// One reply, its lines joined by a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub code: u16,
    pub text: String,
    /// Every line's text on its own: EHLO lists its extensions this way.
    pub lines: Vec<String>,
}

impl Reply {
    pub fn positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// Code and text as the server said them.
    pub fn said(&self) -> String {
        format!("{} {}", self.code, self.text)
    }
}

/// A server may talk long, but not for ever.
const LONGEST: usize = 64 * 1024;

/// Takes one reply from the front of `bytes`: `None` while it is not whole, otherwise the reply and its length.
///
/// # Errors
/// Something that is not SMTP; the text says what came.
pub fn take(bytes: &[u8]) -> Result<Option<(Reply, usize)>, String> {
    let mut lines = Vec::new();
    let mut used = 0;
    let mut code = None;
    loop {
        let Some(length) = bytes[used..].iter().position(|b| *b == b'\n') else {
            return if bytes.len() > LONGEST { Err("the reply is endless".into()) } else { Ok(None) };
        };
        let line = &bytes[used..used + length];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        used += length + 1;
        let nonsense = || format!("not an SMTP reply: {}", text(&line[..line.len().min(200)]));
        let digits = line.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit)).ok_or_else(nonsense)?;
        let this = digits.iter().fold(0_u16, |n, digit| n * 10 + u16::from(digit - b'0'));
        if !(200..600).contains(&this) || code.is_some_and(|code| code != this) {
            return Err(nonsense());
        }
        code = Some(this);
        let last = match line.get(3) {
            None | Some(b' ') => true,
            Some(b'-') => false,
            Some(_) => return Err(nonsense()),
        };
        lines.push(text(line.get(4..).unwrap_or_default()));
        if last {
            return Ok(Some((Reply { code: this, text: lines.join(" "), lines }, used)));
        }
        if used > LONGEST {
            return Err("the reply is endless".into());
        }
    }
}

fn text(bytes: &[u8]) -> String {
    kernel::text::one_line(&String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reply_of_several_lines_is_one_reply() {
        let bytes = b"250-mx.example\r\n250-PIPELINING\r\n250 SIZE 100\r\n354 go";
        let (reply, used) = take(bytes).unwrap().unwrap();
        assert_eq!((reply.code, reply.lines.len(), used), (250, 3, bytes.len() - 6));
        assert_eq!(take(&bytes[used..]), Ok(None));
        assert!(take(b"HTTP/1.1 200 OK\r\n").is_err());
        assert!(take(b"250-a\r\n550 b\r\n").is_err());
        assert_eq!(take(b"421\r\n").unwrap().unwrap().0.code, 421);
    }

    proptest! {
        #[test]
        fn garbage_is_refused_or_waited_for(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(Some((_, used))) = take(&bytes) {
                prop_assert!(used <= bytes.len());
            }
        }
    }
}
