//! The fields of a form in their order: names may come more than once.

use super::Trouble;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};

/// Names and values of a URL-encoded body.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// A NUL is no text: it is left out.
    pub fn parse(body: &[u8]) -> Self {
        let clean = |text: String| if text.contains('\0') { text.replace('\0', "") } else { text };
        Self(url::form_urlencoded::parse(body).into_owned().map(|(name, value)| (name, clean(value))).collect())
    }

    /// The first value of a name; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let body = Bytes::from_request(request, state).await.map_err(Trouble::body)?;
        Ok(Self::parse(&body))
    }
}
