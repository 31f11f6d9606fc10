//! The one description of the API, OpenAPI 3.1: what the handlers say about themselves, and what is true of all.

use super::{
    campaigns, companies, contacts, dispatch, documents, imports, interactions, me, orders, problem::Problem, segments,
    segments_bench,
};
use crate::door::House;
use axum::{Json, extract::State};
use serde_json::json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, OpenApi as Description, Ref, RefOr, ResponseBuilder, Server,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kundenkreis",
        description = "Everything the pages can do, for programs. Money is an integer number of minor units with an ISO 4217 \
            currency; instants are RFC 3339 with an offset; lists are read page by page: `next` of one answer is `cursor` of the \
            next question. Unknown fields are refused. Each call needs a token with a role that brings its right (`x-right`)."
    ),
    components(schemas(Problem)),
    paths(
        me::whoami,
        contacts::list,
        contacts::create,
        contacts::get,
        contacts::get_by_number,
        contacts::change,
        contacts::consents,
        contacts::consent,
        contacts::timeline,
        companies::list,
        documents::of_contact,
        documents::add_to_contact,
        documents::of_company,
        documents::add_to_company,
        documents::of_campaign,
        documents::add_to_campaign,
        documents::get,
        documents::content,
        documents::remove,
        orders::products,
        orders::list,
        orders::place,
        orders::get,
        orders::cancel,
        imports::upload,
        imports::list,
        imports::get,
        imports::correct,
        imports::dry_run,
        imports::run,
        imports::cancel,
        imports::rejections,
        imports::rejections_file,
        segments::list,
        segments::create,
        segments::count_definition,
        segments::get,
        segments::change,
        segments::archive,
        segments::count,
        segments::members,
        segments_bench::lines,
        segments_bench::why,
        segments_bench::overlap,
        segments_bench::reach,
        segments_bench::versions,
        segments_bench::restore_version,
        segments_bench::sql,
        campaigns::list,
        campaigns::create,
        campaigns::get,
        campaigns::change,
        dispatch::pre_flight,
        dispatch::test_send,
        campaigns::approve,
        campaigns::back_to_draft,
        campaigns::launch,
        campaigns::pause,
        campaigns::resume,
        campaigns::cancel,
        campaigns::evaluated,
        dispatch::messages,
        dispatch::resolve,
        dispatch::figures,
        interactions::record,
    ),
    tags(
        (name = "access", description = "The token itself"),
        (name = "contacts", description = "People, what they allow, what happened with them"),
        (name = "documents", description = "Files that belong to contacts, companies and campaigns"),
        (name = "orders", description = "What is sold and what was bought"),
        (name = "imports", description = "Files of contacts and orders"),
        (name = "segments", description = "Who is meant"),
        (name = "campaigns", description = "Plan, check, send, evaluate"),
        (name = "interactions", description = "What happens between people and us"),
    ),
    modifiers(&Everywhere)
)]
struct Api;

/// What holds for every operation: the token, the ways to fail, the key against double delivery.
struct Everywhere;

/// Status, when it happens.
const TROUBLES: &[(&str, &str)] = &[
    ("400", "The request cannot be read: broken or too deeply nested JSON (code `unreadable`)"),
    ("401", "No token, or one that does not hold (code `not_signed_in`)"),
    ("403", "The token lacks the right named in `right` (code `right_missing`)"),
    ("413", "The body is too large (code `too_large`)"),
    ("422", "Values do not fit; `errors` names each field (code `invalid`)"),
    ("500", "A failure of the house, written in its log (code `fault`)"),
    ("503", "Too busy or too slow; try again after `Retry-After` (code `busy`)"),
    ("507", "The disk is full: reading goes on, writing does not (code `disk_full`)"),
];
const NOT_FOUND: (&str, &str) = ("404", "There is no such record (code `not_found`)");
const CONFLICT: (&str, &str) =
    ("409", "The record's state does not allow it, or it was changed meanwhile (codes `state`, `stale`)");

impl Modify for Everywhere {
    fn modify(&self, api: &mut Description) {
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("kk_…");
        let token = token.description(Some("An access token; an administrator makes it, it is shown once")).build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        api.security = Some(vec![utoipa::openapi::security::SecurityRequirement::new("token", Vec::<String>::new())]);
        for (path, item) in &mut api.paths.paths {
            let addressed = path.contains('{');
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for (at, operation) in operations.into_iter().enumerate() {
                if let Some(operation) = operation {
                    complete(operation, at == 0, addressed, at == 1);
                }
            }
        }
    }
}

fn complete(operation: &mut Operation, reads: bool, addressed: bool, creates: bool) {
    let mut troubles: Vec<_> = TROUBLES.to_vec();
    troubles.extend(addressed.then_some(NOT_FOUND));
    troubles.extend((!reads).then_some(CONFLICT));
    for (status, when) in troubles {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(when).content("application/problem+json", problem).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
    if creates {
        let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(200)).build();
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "The same key with the same request within 24 hours is done once and answered alike; with another \
                 request it is refused (422), while the first is running too (409)",
            ))
            .schema(Some(schema))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(key));
    }
}

/// The description for this house.
pub fn description(house: &House) -> Description {
    let mut api = Api::openapi();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.servers = Some(vec![Server::new(house.public_url.as_str().trim_end_matches('/'))]);
    api
}

/// `GET /api/openapi.json`: needs no token.
pub async fn serve(State(house): State<House>) -> Json<serde_json::Value> {
    Json(serde_json::to_value(description(&house)).unwrap_or_else(|_| json!({})))
}
