//! The places of a path that name a record: what cannot be a name of a record names none.

use super::Trouble;
use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

/// Like axum's extractor of the same name, but `/kampagnen/abc` is a page that does not exist, not an unreadable request.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(named)| Self(named)).map_err(|_| Trouble::MISSING)
    }
}
