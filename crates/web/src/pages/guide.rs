//! The description of the API for people.

use super::Frame;
use askama::Template;

/// `GET /api`: every operation and every shape of the document at `/api/openapi.json`.
#[derive(Template)]
#[template(path = "api.html")]
pub struct GuidePage {
    pub frame: Frame,
    pub version: String,
    /// Where this house is reached.
    pub server: String,
    pub introduction: String,
    pub groups: Vec<Group>,
    pub shapes: Vec<Shape>,
}

/// Operations that belong together.
pub struct Group {
    pub name: String,
    pub description: String,
    pub operations: Vec<Operation>,
}

pub struct Operation {
    pub anchor: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub description: String,
    /// Code of the right it needs, or empty.
    pub right: String,
    pub parameters: Vec<Field>,
    /// Media type and shape of the body, or empty.
    pub body: String,
    /// JSON, or empty.
    pub example: String,
    pub replies: Vec<Reply>,
}

/// A parameter, or a field of a shape.
pub struct Field {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub description: String,
}

pub struct Reply {
    pub status: String,
    pub description: String,
    /// Shape of the answer, or empty.
    pub shape: String,
}

/// A JSON object of the API.
pub struct Shape {
    pub name: String,
    pub description: String,
    pub example: String,
    pub fields: Vec<Field>,
}
