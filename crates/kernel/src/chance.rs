//! Chance as an argument: tests pass a seeded generator, the house passes the system's.

use rand::{RngCore, SeedableRng, rngs::StdRng};

/// A generator seeded by the operating system.
pub fn system() -> StdRng {
    StdRng::from_os_rng()
}

/// A generator whose draws are the same every time: frozen audiences store their seed.
pub fn seeded(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

/// 32 unguessable bytes as text for one-time links, session ids and API tokens (base64url, 43 characters).
pub fn secret(rng: &mut impl RngCore) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A time-ordered id (UUID version 7, RFC 9562): random keys in a big index cost a factor of four.
pub fn ordered_id(at: crate::Timestamp, rng: &mut impl RngCore) -> String {
    let mut bytes = [0_u8; 16];
    rng.fill_bytes(&mut bytes[6..]);
    bytes[..6].copy_from_slice(&((at.0 / 1000) as u64).to_be_bytes()[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex = |part: &[u8]| part.iter().map(|b| format!("{b:02x}")).collect::<String>();
    format!(
        "{}-{}-{}-{}-{}",
        hex(&bytes[..4]),
        hex(&bytes[4..6]),
        hex(&bytes[6..8]),
        hex(&bytes[8..10]),
        hex(&bytes[10..])
    )
}
