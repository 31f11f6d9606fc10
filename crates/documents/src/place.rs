//! Where documents lie, as an administrator writes it down.

use crate::addresses;
use std::{fmt, net::IpAddr, path::PathBuf};
use url::{Host, Url};

/// A place for documents and who may use it. Its debug form names the place and never a secret.
#[derive(Clone)]
pub enum Place {
    Folder(PathBuf),
    WebDav {
        url: Url,
        user: String,
        password: String,
        /// A PEM file with a further certificate authority to trust, as servers inside a company's network often need it.
        ca_file: Option<PathBuf>,
    },
    Bucket {
        name: String,
        /// Names of all files begin with this; empty: none do.
        prefix: String,
        /// Of a storage that is not Amazon's; the bucket then stands in the path.
        endpoint: Option<Url>,
        region: String,
        access_key: String,
        secret_key: String,
    },
}

/// Why a place cannot be used as it is written down.
#[derive(Debug, PartialEq, Eq)]
pub enum PlaceTrouble {
    /// Not an address of this kind.
    Address(String),
    /// Never spoken to: link-local (where clouds hand out keys), multicast, unspecified.
    Forbidden(IpAddr),
    /// The machine cannot use it; why, in its own words.
    Machine(String),
}

impl fmt::Display for PlaceTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(text) => write!(f, "“{text}” is no address of a document store"),
            Self::Forbidden(ip) => write!(f, "{ip} is never spoken to: it is link-local, multicast or unspecified"),
            Self::Machine(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for PlaceTrouble {}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named())
    }
}

impl Place {
    /// The place in one line, without user or password.
    pub fn named(&self) -> String {
        match self {
            Self::Folder(path) => path.display().to_string(),
            Self::WebDav { url, .. } => {
                let mut url = url.clone();
                // An address that cannot carry a user has none to hide.
                let _ = url.set_username("").and_then(|()| url.set_password(None));
                url.into()
            }
            Self::Bucket { name, prefix, .. } => format!("s3://{name}/{prefix}"),
        }
    }

    /// The one server this place is spoken to at; a folder has none.
    pub(crate) fn server(&self) -> Option<Url> {
        match self {
            Self::Folder(_) => None,
            Self::WebDav { url, .. } => Some(url.clone()),
            Self::Bucket { endpoint: Some(endpoint), .. } => Some(endpoint.clone()),
            Self::Bucket { name, region, .. } => format!("https://{name}.s3.{region}.amazonaws.com").parse().ok(),
        }
    }

    /// Refuses what no document store has: another scheme, credentials in the address, a forbidden literal address.
    pub(crate) fn check(&self) -> Result<(), PlaceTrouble> {
        let Some(url) = self.server() else {
            return match self {
                Self::Folder(_) => Ok(()),
                _ => Err(PlaceTrouble::Address(self.named())),
            };
        };
        let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        match url.host() {
            Some(Host::Ipv4(ip)) if addresses::forbidden(ip.into()) => Err(PlaceTrouble::Forbidden(ip.into())),
            Some(Host::Ipv6(ip)) if addresses::forbidden(ip.into()) => Err(PlaceTrouble::Forbidden(ip.into())),
            Some(_) if plain && url.query().is_none() && url.fragment().is_none() => Ok(()),
            _ => Err(PlaceTrouble::Address(self.named())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dav(url: &str) -> Place {
        Place::WebDav { url: url.parse().unwrap(), user: "kk".into(), password: "hush".into(), ca_file: None }
    }

    #[test]
    fn a_place_is_named_without_its_secrets() {
        assert_eq!(dav("https://dms.example/kunden").named(), "https://dms.example/kunden");
        assert!(!format!("{:?}", dav("https://a:b@dms.example/")).contains("a:b"));
        assert!(!format!("{:?}", dav("https://dms.example/")).contains("hush"));
    }

    #[test]
    fn credentials_stand_in_settings_and_never_in_an_address() {
        assert_eq!(dav("https://dms.example/kunden").check(), Ok(()));
        assert!(dav("https://kk:hush@dms.example/").check().is_err());
        assert!(dav("ftp://dms.example/").check().is_err());
        assert!(dav("https://dms.example/?x=1").check().is_err());
    }

    #[test]
    fn nobody_is_led_to_the_keys_of_the_cloud() {
        let keys: IpAddr = "169.254.169.254".parse().unwrap();
        assert_eq!(dav("http://169.254.169.254/latest").check(), Err(PlaceTrouble::Forbidden(keys)));
        assert!(dav("http://[fe80::1]/").check().is_err());
        assert!(dav("http://[::ffff:169.254.169.254]/").check().is_err());
        assert_eq!(dav("http://10.0.0.7:8080/dav").check(), Ok(()), "a store inside the company");
    }
}
