//! How OpenDAL speaks HTTP here: through a client of ours, with time-outs and limits, over the one TLS of the house, to one
//! server only. Redirects are not followed: they would be a way around the rules for addresses.

use crate::{
    addresses::Resolver,
    place::{Place, PlaceTrouble},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http_body_util::{BodyDataStream, BodyExt, Full, combinators::UnsyncBoxBody};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector as Tcp},
    rt::{TokioExecutor, TokioTimer},
};
use opendal_core::{
    Buffer, Error, ErrorKind, HttpBody, HttpTransport, HttpTransporter, OperationContext, raw::Operation,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};
use url::{Origin, Url};

/// Longest time until a connection stands.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest time from a request to the head of its answer, beside the time its body takes.
const ANSWER: Duration = Duration::from_secs(15);
/// Slowest line a body is sent over, bytes a second.
const SLOWEST: usize = 128 * 1024;
/// Longest time between two pieces of an answer.
const PIECE: Duration = Duration::from_secs(15);
/// Longest answer that is no file: a folder's list, a problem's description.
const LONGEST_WORDS: u64 = 16 * 1024 * 1024;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// The context in which a place is asked.
pub fn context(place: &Place, server: &Url) -> Result<OperationContext, PlaceTrouble> {
    let ca_file = match place {
        Place::WebDav { ca_file, .. } => ca_file.as_deref(),
        _ => None,
    };
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = ca_file {
        let unreadable = |why: String| PlaceTrouble::Machine(format!("{}: {why}", file.display()));
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(error.to_string()))? {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
        }
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| PlaceTrouble::Machine(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut tcp = Tcp::new_with_resolver(Resolver);
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(CONNECT));
    let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
    let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https);
    let ours = Ours { client, only: server.origin() };
    Ok(OperationContext::new().with_http_transport(HttpTransporter::new(ours)))
}

struct Ours {
    client: Client<HttpsConnector<Tcp<Resolver>>, Body>,
    /// The one server that is spoken to.
    only: Origin,
}

impl HttpTransport for Ours {
    async fn fetch(&self, request: http::Request<Buffer>) -> opendal_core::Result<http::Response<HttpBody>> {
        let target = Url::parse(&request.uri().to_string()).map_err(|error| refused(error.to_string()))?;
        if target.origin() != self.only {
            return Err(refused(format!("{} is another server", target.origin().ascii_serialization())));
        }
        let heads = request.method() == http::Method::HEAD;
        let reads_file = request.extensions().get::<Operation>() == Some(&Operation::Read);
        let size = request.body().len();
        let patience = ANSWER + Duration::from_secs((size / SLOWEST) as u64);
        let mut request = request.map(body);
        request.headers_mut().entry(http::header::CONTENT_LENGTH).or_insert_with(|| size.into());
        let asked = tokio::time::timeout(patience, self.client.request(request)).await;
        let response = asked.map_err(|_| late())?.map_err(|error| broken(&error))?;
        let (head, incoming) = response.into_parts();
        let told = head.headers.get(http::header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        let most = if reads_file && head.status.is_success() { u64::MAX } else { LONGEST_WORDS };
        if !heads && told.is_some_and(|told| told > most) {
            return Err(refused(format!("the answer is longer than {most} bytes")));
        }
        // The answer to HEAD says how long the file is and brings none of it (RFC 9110, 9.3.2).
        let told = told.filter(|_| !heads);
        Ok(http::Response::from_parts(head, HttpBody::new(pieces(incoming, most), told)))
    }
}

fn body(buffer: Buffer) -> Body {
    Full::new(buffer.to_bytes()).boxed_unsync()
}

type Pieces = Pin<Box<dyn Stream<Item = opendal_core::Result<Buffer>> + Send + Sync>>;

/// The body of an answer: each piece in time, all of them within the limit.
fn pieces<B>(body: B, most: u64) -> Pieces
where
    B: http_body::Body<Data = Bytes> + Send + Sync + Unpin + 'static,
    B::Error: std::error::Error + Send + Sync,
{
    let left = (Some(BodyDataStream::new(body)), most);
    Box::pin(stream::unfold(left, |(body, left)| async move {
        let mut body = body?;
        let piece = match tokio::time::timeout(PIECE, body.next()).await {
            Err(_) => Err(late()),
            Ok(None) => return None,
            Ok(Some(Err(error))) => Err(broken(&error)),
            Ok(Some(Ok(piece))) if piece.len() as u64 > left => Err(refused("the answer is too long".to_owned())),
            Ok(Some(Ok(piece))) => Ok(piece),
        };
        Some(match piece {
            Ok(piece) => (Ok(Buffer::from(piece.clone())), (Some(body), left - piece.len() as u64)),
            Err(error) => (Err(error), (None, 0)),
        })
    }))
}

fn refused(why: String) -> Error {
    Error::new(ErrorKind::PermissionDenied, why)
}

fn late() -> Error {
    Error::new(ErrorKind::Unexpected, "no answer in time").set_temporary()
}

fn broken(error: &dyn std::error::Error) -> Error {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        said = format!("{said}: {deeper}");
        cause = deeper.source();
    }
    Error::new(ErrorKind::Unexpected, said).set_temporary()
}
