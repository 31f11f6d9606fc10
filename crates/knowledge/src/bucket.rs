//! A shelf on S3-compatible storage. Requests are made and signed by `object_store` and go through a client of ours, with
//! time-outs and limits, over the one TLS of the house.

use crate::bridge::Bridge;
use async_trait::async_trait;
use http_body_util::{BodyExt, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector as Tcp},
    rt::{TokioExecutor, TokioTimer},
};
use kernel::Fault;
use object_store::ObjectStore;
use rustls::{ClientConfig, RootCertStore};
use s3_store::{
    ClientOptions, RetryConfig,
    aws::AmazonS3Builder,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse,
        HttpResponseBody, HttpService,
    },
    prefix::PrefixStore,
};
use std::{fmt, io, sync::Arc, time::Duration};

/// Longest time until a connection stands.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest time for one request with all it sends and gets: the file of a full month is about 25 MB.
const REQUEST: Duration = Duration::from_secs(60);
/// Nothing on the shelf is larger.
const LARGEST: usize = 1 << 30;
/// A storage that fails is asked again so often; who waits for it tries again later anyway.
const RETRIES: usize = 2;

/// A bucket, and who may use it.
#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// Names of all files begin with this; empty: none do.
    pub prefix: String,
    /// `http://…` or `https://…` of a storage that is not Amazon's; the bucket then stands in the path.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key: String,
    pub secret_key: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}

/// Nothing is asked of the storage yet.
pub fn open(bucket: &Bucket) -> Result<Arc<dyn ObjectStore>, Fault> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        .with_access_key_id(&bucket.access_key)
        .with_secret_access_key(&bucket.secret_key)
        .with_virtual_hosted_style_request(bucket.endpoint.is_none())
        .with_retry(RetryConfig { max_retries: RETRIES, retry_timeout: REQUEST, ..RetryConfig::default() })
        .with_http_connector(Ours);
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    let store = builder.build().map_err(|error| Fault::Unreadable(error.to_string()))?;
    Ok(match bucket.prefix.trim_matches('/') {
        "" => Arc::new(Bridge(Arc::new(store))),
        prefix => Arc::new(Bridge(Arc::new(PrefixStore::new(store, prefix)))),
    })
}

#[derive(Debug)]
struct Ours;

impl HttpConnector for Ours {
    fn connect(&self, _: &ClientOptions) -> s3_store::Result<HttpClient> {
        let failed = |source: rustls::Error| s3_store::Error::Generic { store: "S3", source: Box::new(source) };
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = Tcp::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        let https =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https);
        Ok(HttpClient::new(Asking(client)))
    }
}

#[derive(Debug)]
struct Asking(Client<HttpsConnector<Tcp>, HttpRequestBody>);

#[async_trait]
impl HttpService for Asking {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let asked = async {
            let response = self.0.request(request).await.map_err(|error| {
                let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
                HttpError::new(kind, error)
            })?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, LARGEST).collect().await;
            let body = body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, io::Error::other(error)))?;
            Ok(HttpResponse::from_parts(head, HttpResponseBody::from(body.to_bytes())))
        };
        let late = |_| HttpError::new(HttpErrorKind::Timeout, io::Error::from(io::ErrorKind::TimedOut));
        tokio::time::timeout(REQUEST, asked).await.map_err(late)?
    }
}
