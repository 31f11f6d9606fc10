//! The body of a tracker's request: read up to a limit, unpacked up to the same limit. What says nothing about its packing but
//! begins like gzip is unpacked, too: some clients forget the header.

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use futures::StreamExt;
use std::io::Read;

/// Largest body, packed and unpacked, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    TooLarge,
    /// Broken off, or not packed as it says.
    Unreadable,
    /// Packed in a way nobody here knows.
    UnknownPacking,
}

/// Reads to the end, or to the limit.
pub async fn read(body: Body) -> Result<Vec<u8>, Trouble> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Trouble::Unreadable)?;
        if bytes.len() + chunk.len() > LARGEST {
            return Err(Trouble::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The packings of a request, as its header says.
pub fn packing(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.trim().to_ascii_lowercase()
}

/// Unpacks what is packed; holds no more than the limit however much would come.
pub fn unpack(bytes: Vec<u8>, packing: &str) -> Result<Vec<u8>, Trouble> {
    match packing {
        "" | "identity" if !bytes.starts_with(&[0x1f, 0x8b]) => Ok(bytes),
        "" | "identity" | "gzip" | "x-gzip" => limited(MultiGzDecoder::new(bytes.as_slice())),
        // RFC 9110 means zlib; some send the bare stream.
        "deflate" if bytes.first().is_some_and(|first| first & 0x0f == 8) => {
            limited(ZlibDecoder::new(bytes.as_slice()))
        }
        "deflate" => limited(DeflateDecoder::new(bytes.as_slice())),
        _ => Err(Trouble::UnknownPacking),
    }
}

fn limited(packed: impl Read) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    packed.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(|_| Trouble::Unreadable)?;
    if bytes.len() > LARGEST { Err(Trouble::TooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(text).expect("memory");
        packer.finish().expect("memory")
    }

    #[test]
    fn what_is_packed_is_unpacked_and_a_bomb_is_not() {
        assert_eq!(unpack(gzip(b"{}"), "gzip"), Ok(b"{}".to_vec()));
        assert_eq!(unpack(gzip(b"{}"), ""), Ok(b"{}".to_vec()), "without its header");
        assert_eq!(unpack(b"{}".to_vec(), "identity"), Ok(b"{}".to_vec()));
        assert_eq!(unpack(gzip(&vec![b' '; LARGEST]), "gzip").map(|bytes| bytes.len()), Ok(LARGEST));
        assert_eq!(unpack(gzip(&vec![b' '; LARGEST + 1]), "gzip"), Err(Trouble::TooLarge));
        assert_eq!(unpack(b"{}".to_vec(), "gzip"), Err(Trouble::Unreadable));
        assert_eq!(unpack(b"{}".to_vec(), "br"), Err(Trouble::UnknownPacking));
    }
}
