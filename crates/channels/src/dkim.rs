//! DKIM signatures (RFC 6376, RSA-2048 with SHA-256), so that receivers can tell our mail from a forgery.
//!
//! RFC 8058 demands that both List-Unsubscribe headers are signed; the signature is made over the finished bytes, because
//! only those carry the Content-Type that is signed too.

use kernel::Sentence;
use mail_auth::{
    common::{
        crypto::{RsaKey, Sha256},
        headers::HeaderWriter,
    },
    dkim::{DkimSigner, Done},
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use serde::Deserialize;

/// Whose signature it is. The public half stands in the DNS as `<selector>._domainkey.<domain>`.
#[derive(Clone, Deserialize)]
pub struct DkimConfig {
    pub domain: String,
    pub selector: String,
    /// RSA key, PKCS#8 in PEM (`openssl pkcs8 -topk8 -nocrypt`).
    pub private_key: String,
}

const SIGNED: [&str; 10] = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

pub(crate) struct Signer(DkimSigner<RsaKey<Sha256>, Done>);

impl Signer {
    pub(crate) fn new(config: &DkimConfig) -> Result<Self, Sentence> {
        let unreadable = |detail: String| Sentence::new("mail-dkim-key-unreadable").with("detail", detail);
        let der = PrivatePkcs8KeyDer::from_pem_slice(config.private_key.as_bytes())
            .map_err(|trouble| unreadable(trouble.to_string()))?;
        let key = RsaKey::<Sha256>::from_key_der(PrivateKeyDer::Pkcs8(der))
            .map_err(|trouble| unreadable(trouble.to_string()))?;
        let signer = DkimSigner::from_key(key).domain(&config.domain).selector(&config.selector).headers(SIGNED);
        Ok(Self(signer))
    }

    /// The mail with its `DKIM-Signature` on top.
    pub(crate) fn sign(&self, raw: Vec<u8>) -> Result<Vec<u8>, Sentence> {
        let signature =
            self.0.sign(&raw).map_err(|trouble| Sentence::new("mail-not-signed").with("detail", trouble))?;
        let mut signed = signature.to_header().into_bytes();
        signed.reserve(raw.len());
        signed.extend_from_slice(&raw);
        Ok(signed)
    }
}
