//! The plain editor: paragraphs by blank lines, `# ` headings, `- ` lists, `**bold**`, `[text](url)` links, `[[text](url)]`
//! buttons, and merge fields. What is typed becomes blocks; blocks become HTML and plain text.
//!
//! Only this markup makes tags: everything else that is typed is escaped, braces included, so that neither HTML nor template
//! language can come out of a text by accident.

mod blocks;
mod html;
mod scan;
mod text;

pub use blocks::{Block, Inline, Letter, parse};
pub(in crate::planning) use html::escape as escape_html;
pub use html::html;
pub use scan::{Piece, scan};
pub(in crate::planning) use text::escape as escape_text;
pub use text::text;
