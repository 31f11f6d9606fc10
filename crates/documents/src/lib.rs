//! The machine that keeps the bytes of documents: in a folder, on a WebDAV server, in an S3-compatible bucket, all through
//! OpenDAL and a client of our own. It knows names and bytes, nothing of contacts or rights.

mod addresses;
mod place;
mod shelf;
mod transport;

pub use place::{Place, PlaceTrouble};
pub use shelf::{Shelf, open};
