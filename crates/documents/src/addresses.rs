//! Which addresses a store may have. It may stand inside the company's network or on this machine; link-local addresses, where
//! clouds hand out keys (169.254.169.254), and addresses that name no single machine are never spoken to, also when a name
//! resolves to them.

use futures::future::BoxFuture;
use hyper_util::client::legacy::connect::dns::Name;
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    task::{Context, Poll},
    vec,
};
use tower::Service;

/// Amazon's key service over IPv6, beside the link-local one.
const KEYS_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254);

pub fn forbidden(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip.is_multicast() || ip.is_unspecified() || ip == Ipv4Addr::BROADCAST,
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(inside) => forbidden(inside.into()),
            None => ip.is_unicast_link_local() || ip.is_multicast() || ip.is_unspecified() || ip == KEYS_V6,
        },
    }
}

/// Finds the addresses of a name and leaves out the forbidden ones.
#[derive(Clone)]
pub struct Resolver;

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| !forbidden(address.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::other(format!("{name} has no address that may be spoken to")));
            }
            Ok(allowed.into_iter())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stores_stand_in_the_network_and_keys_of_clouds_are_out_of_reach() {
        for good in ["127.0.0.1", "10.1.2.3", "192.168.0.9", "203.0.113.7", "::1", "fd12::1", "2001:db8::1"] {
            assert!(!forbidden(good.parse().unwrap()), "{good}");
        }
        for bad in
            ["169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "fe80::1", "ff02::1", "fd00:ec2::254"]
        {
            assert!(forbidden(bad.parse().unwrap()), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn an_address_wrapped_in_ipv6_is_judged_like_itself(bits: u32) {
            let ip = Ipv4Addr::from(bits);
            prop_assert_eq!(forbidden(ip.into()), forbidden(ip.to_ipv6_mapped().into()));
        }
    }
}
