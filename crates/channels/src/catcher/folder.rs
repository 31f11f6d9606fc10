//! Where caught mails lie: one file each, named by time and number, and their headings in memory.

use kernel::{Timestamp, mail::CaughtHeading, text::one_line};
use mail_parser::{Address, MessageParser};
use std::{
    collections::VecDeque,
    fs, io,
    io::Read,
    path::PathBuf,
    sync::{PoisonError, RwLock},
};

/// Bytes of a mail that are read for its heading.
const HEAD: u64 = 64 * 1024;

pub(super) struct Folder {
    path: PathBuf,
    keep: usize,
    number: u32,
    /// Oldest first; ids sort like time.
    headings: VecDeque<CaughtHeading>,
}

impl Folder {
    pub(super) fn open(path: PathBuf, keep: usize) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(&path)? {
            let name = entry?.file_name();
            if let Some(id) =
                name.to_str().and_then(|name| name.strip_suffix(".eml")).filter(|id| time_of(id).is_some())
            {
                names.push(id.to_owned());
            }
        }
        names.sort();
        let keep = keep.max(1);
        let surplus = names.len().saturating_sub(keep);
        for id in names.drain(..surplus) {
            fs::remove_file(path.join(format!("{id}.eml")))?;
        }
        let mut headings = VecDeque::with_capacity(names.len());
        for id in names {
            let file = fs::File::open(path.join(format!("{id}.eml")))?;
            let size = file.metadata()?.len();
            let mut head = Vec::new();
            file.take(HEAD).read_to_end(&mut head)?;
            let received_at = time_of(&id).unwrap_or_default();
            headings.push_back(heading(id, received_at, size, &head));
        }
        Ok(Self { path, keep, number: 0, headings })
    }

    pub(super) fn newest_first(&self) -> impl Iterator<Item = &CaughtHeading> {
        self.headings.iter().rev()
    }

    /// Removes a mail and its heading.
    pub(super) fn take_away(&mut self, id: &str) -> bool {
        let Ok(at) = self.headings.binary_search_by(|heading| heading.id.as_str().cmp(id)) else { return false };
        match fs::remove_file(self.path.join(format!("{id}.eml"))) {
            Err(trouble) if trouble.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%trouble, "a caught mail could not be taken away");
                false
            }
            _ => self.headings.remove(at).is_some(),
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<(CaughtHeading, PathBuf)> {
        let at = self.headings.binary_search_by(|heading| heading.id.as_str().cmp(id)).ok()?;
        let heading = self.headings.get(at)?.clone();
        let path = self.path.join(format!("{}.eml", heading.id));
        Some((heading, path))
    }
}

/// Writes a mail under the envelope it came in, forgets the oldest if there are too many, and gives its id.
pub(super) fn put(folder: &RwLock<Folder>, at: Timestamp, from: &str, to: &[String], raw: &[u8]) -> io::Result<String> {
    let mut bytes = Vec::with_capacity(raw.len() + 200);
    bytes.extend_from_slice(format!("Return-Path: <{from}>\r\n").as_bytes());
    for recipient in to {
        bytes.extend_from_slice(format!("Delivered-To: {recipient}\r\n").as_bytes());
    }
    bytes.extend_from_slice(raw);
    let (id, path) = {
        let mut folder = folder.write().unwrap_or_else(PoisonError::into_inner);
        // Time may stand still or jump back (it is an argument); ids must rise all the same.
        let newest = folder.headings.back().and_then(|heading| time_of(&heading.id)).unwrap_or_default();
        folder.number = (folder.number + 1) % 1_000_000;
        let time = if folder.number == 0 { newest.max(at).plus(1) } else { newest.max(at) };
        let mut id = format!("{:016}-{:06}", time.micros().max(0), folder.number);
        if folder.headings.back().is_some_and(|heading| heading.id >= id) {
            id = format!("{:016}-{:06}", time.micros().max(0) + 1, folder.number);
        }
        let path = folder.path.join(format!("{id}.eml"));
        (id, path)
    };
    fs::write(&path, &bytes)?;
    let heading = heading(id.clone(), at, bytes.len() as u64, &bytes);
    let oldest = {
        let mut folder = folder.write().unwrap_or_else(PoisonError::into_inner);
        folder.headings.push_back(heading);
        let surplus = folder.headings.len() > folder.keep;
        surplus.then(|| folder.headings.pop_front()).flatten().map(|old| folder.path.join(format!("{}.eml", old.id)))
    };
    if let Some(oldest) = oldest
        && let Err(trouble) = fs::remove_file(&oldest)
    {
        tracing::debug!(%trouble, "an old caught mail was already gone");
    }
    Ok(id)
}

/// The time in a file's name.
fn time_of(id: &str) -> Option<Timestamp> {
    let (micros, number) = id.split_once('-')?;
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    (digits(micros, 16) && digits(number, 6)).then(|| micros.parse().ok().map(Timestamp)).flatten()
}

fn heading(id: String, received_at: Timestamp, size: u64, bytes: &[u8]) -> CaughtHeading {
    let mail = MessageParser::new().parse_headers(bytes);
    let shown = |address: Option<&Address>| {
        let people = address.into_iter().flat_map(Address::iter).map(|one| match (one.name(), one.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (name, address) => address.or(name).unwrap_or_default().to_owned(),
        });
        one_line(&people.take(5).collect::<Vec<_>>().join(", "))
    };
    let (from, to, subject) = mail.as_ref().map_or_else(Default::default, |mail| {
        (shown(mail.from()), shown(mail.to()), one_line(mail.subject().unwrap_or_default()))
    });
    CaughtHeading { id, received_at, from, to, subject, size }
}
