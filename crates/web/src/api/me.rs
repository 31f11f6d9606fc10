//! Who the token is and what it may: the first call somebody tries.

use super::Program;
use axum::Json;
use crm::staff::{Right, Role};
use serde::Serialize;
use utoipa::ToSchema;

/// The token's own view of itself.
#[derive(Serialize, ToSchema)]
pub struct Me {
    #[schema(example = "ERP")]
    pub name: String,
    #[schema(value_type = Vec<String>, example = json!(["marketing_manager"]))]
    pub roles: Vec<Role>,
    #[schema(value_type = Vec<String>, example = json!(["see_contacts", "import_data"]))]
    pub rights: Vec<Right>,
}

/// Who am I?
///
/// The token's name, its roles and the rights they bring. Needs no right.
#[utoipa::path(get, path = "/api/v1/me", tag = "access", responses((status = 200, body = Me)))]
pub async fn whoami(program: Program) -> Json<Me> {
    let actor = program.actor;
    let rights = Right::ALL.iter().copied().filter(|right| actor.may(*right)).collect();
    Json(Me { name: actor.name, roles: actor.roles, rights })
}
