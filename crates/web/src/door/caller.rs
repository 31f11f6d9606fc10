//! From which address a request comes.

use super::House;
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// The caller's address as text; `-` where the server does not know it.
#[derive(Clone, Debug)]
pub struct Address(pub Arc<str>);

impl Address {
    /// What counts as one caller for limits: an IPv4 address, or the /64 network of an IPv6 address.
    pub fn network(&self) -> String {
        match self.0.parse::<IpAddr>() {
            Ok(IpAddr::V6(v6)) => Ipv6Addr::from(u128::from(v6) & (u128::MAX << 64)).to_string(),
            _ => self.0.to_string(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self(Arc::from("-"))))
    }
}

/// Notes the address for everybody further in. A proxy's word counts only where the house says that one stands in front:
/// its own entry is the last of `X-Forwarded-For`, everything before it was written by the caller.
pub async fn find(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let told = house.behind_proxy.then(|| {
        let header = request.headers().get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        header.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    });
    let address = told.flatten().or(peer).map_or_else(|| "-".to_owned(), |ip| ip.to_string());
    request.extensions_mut().insert(Address(Arc::from(address)));
    next.run(request).await
}
