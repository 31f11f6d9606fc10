//! Sealed tokens: what leaves the house in a link and comes back is recognised as ours, or not at all.
//!
//! A token is `base64url(payload ‖ tag)`, the tag being the first 16 bytes of HMAC-SHA-256 (RFC 2104, RFC 4868) over
//! the purpose and the payload. A seal made for one purpose does not open another. The payload is readable: it holds
//! ids, never personal data.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{digest, hmac};
use subtle::ConstantTimeEq;

const TAG: usize = 16;

/// The house's sealing key.
#[derive(Clone)]
pub struct Seal(hmac::Key);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    fn tag(&self, purpose: &str, payload: &[u8]) -> [u8; TAG] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&[purpose.len() as u8]);
        context.update(purpose.as_bytes());
        context.update(payload);
        let mut tag = [0; TAG];
        tag.copy_from_slice(&context.sign().as_ref()[..TAG]);
        tag
    }

    pub fn close(&self, purpose: &str, payload: &[u8]) -> String {
        let mut bytes = payload.to_vec();
        bytes.extend_from_slice(&self.tag(purpose, payload));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The payload, if the token was closed by this seal for this purpose and nothing was changed since.
    pub fn open(&self, purpose: &str, token: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let at = bytes.len().checked_sub(TAG)?;
        let tag = bytes.split_off(at);
        bool::from(self.tag(purpose, &bytes).ct_eq(&tag)).then_some(bytes)
    }

    /// Seals a short list of numbers, each in as few bytes as it needs (LEB128 of non-negative numbers).
    pub fn close_ids(&self, purpose: &str, ids: &[i64]) -> String {
        let mut payload = Vec::with_capacity(ids.len() * 4);
        for id in ids {
            let mut n = *id as u64;
            while n >= 0x80 {
                payload.push((n as u8 & 0x7f) | 0x80);
                n >>= 7;
            }
            payload.push(n as u8);
        }
        self.close(purpose, &payload)
    }

    /// The numbers sealed by [`Seal::close_ids`]; `N` must match.
    pub fn open_ids<const N: usize>(&self, purpose: &str, token: &str) -> Option<[i64; N]> {
        let payload = self.open(purpose, token)?;
        let mut bytes = payload.iter();
        let mut ids = [0; N];
        for id in &mut ids {
            let mut n = 0_u64;
            let mut shift = 0;
            loop {
                let byte = *bytes.next()?;
                n |= u64::from(byte & 0x7f).checked_shl(shift)?;
                if byte < 0x80 {
                    break;
                }
                shift += 7;
            }
            *id = n as i64;
        }
        bytes.next().is_none().then_some(ids)
    }
}

/// SHA-256 of a secret as hexadecimal text: what is stored of session ids and API tokens.
pub fn fingerprint(secret: &str) -> String {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_only_whole_and_for_its_purpose() {
        let seal = Seal::new(&[7; 32]);
        let token = seal.close_ids("click", &[300, 2]);
        assert_eq!(seal.open_ids::<2>("click", &token), Some([300, 2]));
        assert_eq!(seal.open_ids::<2>("open", &token), None);
        assert_eq!(seal.open_ids::<1>("click", &token), None);
        assert_eq!(seal.open_ids::<2>("click", &token[..token.len() - 2]), None);
        assert_eq!(Seal::new(&[8; 32]).open_ids::<2>("click", &token), None);
        assert_eq!(seal.open("click", "…"), None);
    }
}
