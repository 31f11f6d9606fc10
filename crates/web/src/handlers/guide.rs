//! The description of the API as a page: the same document programs read, drawn on the server.

use crate::{
    api::openapi,
    door::{House, Seat},
    pages::{
        draw,
        guide::{Field, Group, GuidePage, Operation, Reply, Shape},
    },
};
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use kernel::sentence::say;
use serde_json::Value;

pub fn routes() -> Router<House> {
    Router::new().route("/api", get(guide))
}

/// The order of methods on one address.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn guide(State(house): State<House>, seat: Seat) -> Response {
    let api = serde_json::to_value(openapi::description(&house)).unwrap_or_default();
    let page = GuidePage {
        frame: house.frame(&seat).titled(say(seat.locale, "api-guide-title", None)).with_address("/api"),
        version: text(&api["info"]["version"]),
        server: text(&api["servers"][0]["url"]),
        introduction: text(&api["info"]["description"]),
        groups: list(&api["tags"]).map(|tag| group(&api, tag)).collect(),
        shapes: shapes(&api),
    };
    draw(StatusCode::OK, &page)
}

fn group(api: &Value, tag: &Value) -> Group {
    let name = text(&tag["name"]);
    let mut operations = Vec::new();
    for (path, item) in api["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let operation = &item[method];
            if list(&operation["tags"]).any(|tag| tag == name.as_str()) {
                operations.push(read(path, method, operation));
            }
        }
    }
    Group { description: text(&tag["description"]), operations, name }
}

fn read(path: &str, method: &str, operation: &Value) -> Operation {
    let parameter = |parameter: &Value| Field {
        name: text(&parameter["name"]),
        kind: format!("{}, {}", text(&parameter["in"]), kind(&parameter["schema"])),
        required: parameter["required"] == true,
        description: text(&parameter["description"]),
    };
    let body = operation["requestBody"]["content"].as_object().into_iter().flatten().next();
    let reply = |(status, reply): (&String, &Value)| Reply {
        status: status.clone(),
        description: text(&reply["description"]),
        shape: reply["content"]
            .as_object()
            .and_then(|c| c.values().next())
            .map(|c| kind(&c["schema"]))
            .unwrap_or_default(),
    };
    Operation {
        anchor: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        right: text(&operation["x-right"]),
        parameters: list(&operation["parameters"]).map(parameter).collect(),
        body: body.map(|(media, content)| format!("{media}: {}", kind(&content["schema"]))).unwrap_or_default(),
        example: body.map(|(_, content)| pretty(&content["example"])).unwrap_or_default(),
        replies: operation["responses"].as_object().into_iter().flatten().map(reply).collect(),
    }
}

fn shapes(api: &Value) -> Vec<Shape> {
    let schemas = api["components"]["schemas"].as_object().into_iter().flatten();
    let shape = |(name, schema): (&String, &Value)| Shape {
        name: name.clone(),
        description: text(&schema["description"]),
        example: pretty(&schema["example"]),
        fields: schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(field, what)| Field {
                name: field.clone(),
                kind: kind(what),
                required: list(&schema["required"]).any(|required| required == field.as_str()),
                description: text(&what["description"]),
            })
            .collect(),
    };
    schemas.map(shape).collect()
}

/// The type of a schema in a few words: `integer`, `string or null`, `list of OrderView`.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or(reference).to_owned();
    }
    let one = |name: &str| match name {
        "array" => format!("list of {}", kind(&schema["items"])),
        other => other.to_owned(),
    };
    match &schema["type"] {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(one).collect::<Vec<_>>().join(" or "),
        _ => match schema["oneOf"].as_array() {
            Some(all) => all.iter().map(kind).collect::<Vec<_>>().join(" or "),
            None => "any".to_owned(),
        },
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn pretty(example: &Value) -> String {
    if example.is_null() { String::new() } else { serde_json::to_string_pretty(example).unwrap_or_default() }
}
