//! The shell around every page. Its parts are templates of their own, so that the program holds them once and not once for
//! each page.

use super::Frame;
use askama::Template;
use std::fmt::Display;

/// From the doctype to where the page begins.
#[derive(Template)]
#[template(path = "shell_opening.html")]
struct Opening<'a> {
    frame: &'a Frame,
}

/// Between the page and its dialogs.
#[derive(Template)]
#[template(path = "shell_closing.html")]
struct Closing<'a> {
    frame: &'a Frame,
}

/// Behind the dialogs.
#[derive(Template)]
#[template(path = "shell_ending.html")]
struct Ending<'a> {
    frame: &'a Frame,
}

impl Frame {
    pub fn opening(&self) -> impl Display + '_ {
        Opening { frame: self }
    }

    pub fn closing(&self) -> impl Display + '_ {
        Closing { frame: self }
    }

    pub fn ending(&self) -> impl Display + '_ {
        Ending { frame: self }
    }
}
