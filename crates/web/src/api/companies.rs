//! Companies contacts belong to. They are made with their contacts.

use super::{
    Program,
    listing::{Params, cursor},
};
use crate::door::Answer;
use axum::Json;
use crm::{customers, staff::Right};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct CompanyView {
    pub id: i64,
    pub name: String,
    pub industry: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct CompanyList {
    pub items: Vec<CompanyView>,
    pub next: Option<String>,
}

/// List companies by name
#[utoipa::path(
    get, path = "/api/v1/companies", tag = "contacts",
    params(
        ("search" = Option<String>, Query, description = "Beginning of a name"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = CompanyList)),
    extensions(("x-right" = json!("see_contacts")))
)]
pub async fn list(program: Program, params: Params) -> Answer<Json<CompanyList>> {
    program.actor.must(Right::SeeContacts)?;
    let params = params.only(&["search", "cursor", "limit"])?;
    let (limit, after) = (params.limit()?, params.cursor::<String>()?.unwrap_or_default());
    let search = params.text("search").unwrap_or("");
    let found = customers::companies(&program.db.read().await?, search, &after, limit).await?;
    let full = found.len() as i64 == limit;
    let next = found.last().filter(|_| full).map(|last| cursor(&last.name_key));
    let view =
        |company: customers::Company| CompanyView { id: company.id, name: company.name, industry: company.industry };
    Ok(Json(CompanyList { items: found.into_iter().map(view).collect(), next }))
}
