//! Whoever does something: a person, a program with a token, or the house itself.

use super::{Right, Role};
use crate::Refusal;
use kernel::{TokenId, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    User(UserId),
    Token(TokenId),
    /// The house itself, at the command line or in the background. It has every right.
    System,
}

/// Who acts, with the roles they have right now and where they act from.
#[derive(Clone, Debug)]
pub struct Actor {
    pub kind: ActorKind,
    pub name: String,
    pub roles: Vec<Role>,
    /// Network address, for the audit log; empty for the house itself.
    pub address: String,
}

impl Actor {
    pub fn system(name: &str) -> Self {
        Self { kind: ActorKind::System, name: name.to_owned(), roles: Vec::new(), address: String::new() }
    }

    pub fn may(&self, right: Right) -> bool {
        self.kind == ActorKind::System || self.roles.iter().any(|role| role.may(right))
    }

    /// Refuses unless the actor has the right.
    pub fn must(&self, right: Right) -> Result<(), Refusal> {
        if self.may(right) { Ok(()) } else { Err(Refusal::Right(right)) }
    }

    pub fn user(&self) -> Option<UserId> {
        match self.kind {
            ActorKind::User(id) => Some(id),
            _ => None,
        }
    }
}
