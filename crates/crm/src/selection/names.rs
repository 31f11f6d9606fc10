//! People say "Griechenland" and "KRE-7"; definitions keep ids. The names in a definition are looked up before it is read.

use super::Field;
use crate::customers::{Attribute, attributes};
use kernel::{Fault, text::fold};
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use store::{FromQueryResult, Rows, Value, marks};

/// What the names in a definition stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    products: HashMap<String, i64>,
    categories: HashMap<String, i64>,
    tags: HashMap<String, i64>,
    /// Attributes of the house by their keys.
    attributes: HashMap<String, Attribute>,
}

#[derive(FromQueryResult)]
struct Named {
    id: i64,
    name: String,
}

impl Names {
    pub fn product(&self, sku: &str) -> Option<i64> {
        self.products.get(sku.trim()).copied()
    }

    pub fn category(&self, name: &str) -> Option<i64> {
        self.categories.get(&fold(name)).copied()
    }

    pub fn tag(&self, name: &str) -> Option<i64> {
        self.tags.get(&fold(name)).copied()
    }

    /// A field by its key as people write it, `attribute.meal`, or as it is stored.
    pub fn field(&self, key: &str) -> Option<Field> {
        let own = key.strip_prefix("attribute.").and_then(|key| self.attributes.get(key));
        own.map(|own| Field::Own { key: own.key.clone(), kind: own.kind }).or_else(|| Field::parse(key))
    }

    /// The codes of an attribute's list, where it was looked up.
    pub fn choices(&self, field: &Field) -> Option<Vec<&str>> {
        let Field::Own { key, .. } = field else { return None };
        Some(self.attributes.get(key)?.choices.iter().map(|choice| choice.code.as_str()).collect())
    }

    pub fn with_product(mut self, sku: &str, id: i64) -> Self {
        self.products.insert(sku.trim().to_owned(), id);
        self
    }

    pub fn with_category(mut self, name: &str, id: i64) -> Self {
        self.categories.insert(fold(name), id);
        self
    }

    /// Looks up the article numbers and category names a definition speaks of.
    pub async fn look_up(rows: &Rows, definition: &Json) -> Result<Self, Fault> {
        let mut asked = Asked::default();
        asked.walk(definition, 0);
        let products = find(rows, "SELECT id, sku AS name FROM product WHERE sku", &asked.products).await?;
        let categories =
            find(rows, "SELECT id, name_key AS name FROM category WHERE name_key", &asked.categories).await?;
        let tags = find(rows, "SELECT id, name_key AS name FROM tag WHERE name_key", &asked.tags).await?;
        let attributes = if asked.own { attributes(rows, true).await? } else { Vec::new() };
        let attributes = attributes.into_iter().map(|own| (own.key.clone(), own)).collect();
        Ok(Self { products, categories, tags, attributes })
    }
}

async fn find(rows: &Rows, head: &str, names: &BTreeSet<String>) -> Result<HashMap<String, i64>, Fault> {
    let mut found = HashMap::new();
    let names: Vec<&String> = names.iter().collect();
    for chunk in names.chunks(500) {
        let values = chunk.iter().map(|name| Value::from(name.as_str())).collect();
        let named: Vec<Named> = rows.all(&format!("{head} IN ({})", marks(1, chunk.len())), values).await?;
        found.extend(named.into_iter().map(|row| (row.name, row.id)));
    }
    Ok(found)
}

#[derive(Default)]
struct Asked {
    products: BTreeSet<String>,
    categories: BTreeSet<String>,
    tags: BTreeSet<String>,
    own: bool,
}

impl Asked {
    fn walk(&mut self, json: &Json, depth: usize) {
        if depth > 64 {
            return;
        }
        match json {
            Json::Array(list) => list.iter().for_each(|item| self.walk(item, depth + 1)),
            Json::Object(map) => {
                let field = map.get("field").and_then(Json::as_str).unwrap_or_default();
                self.own |= field.starts_with("attribute.");
                if let (Some(field), Some(value)) = (map.get("field").and_then(Json::as_str), map.get("value")) {
                    self.note(field, value);
                }
                map.values().for_each(|item| self.walk(item, depth + 1));
            }
            _ => {}
        }
    }

    fn note(&mut self, field: &str, value: &Json) {
        let texts = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().filter_map(Json::as_str);
        for text in texts.filter(|text| !text.contains('\0')) {
            match field {
                "product" => drop(self.products.insert(text.trim().to_owned())),
                "category" => drop(self.categories.insert(fold(text))),
                "tag" => drop(self.tags.insert(fold(text))),
                _ => {}
            }
        }
    }
}
