//! What is sold: products by their article numbers, in categories.

use kernel::Fault;
use std::collections::{BTreeMap, HashMap};
use store::{Batch, FromQueryResult, Rows, Value, Write, marks, values};

/// A thing that is sold.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Product {
    pub id: i64,
    pub sku: String,
    pub name: String,
    pub category_id: Option<i64>,
    /// Name of the category.
    pub category: Option<String>,
    pub price_minor: Option<i64>,
    pub currency: String,
}

/// A group of products.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Category {
    pub id: i64,
    pub name: String,
    pub name_key: String,
}

const PRODUCT: &str = "SELECT p.id, p.sku, p.name, p.category_id, c.name AS category, p.price_minor, p.currency FROM product p \
     LEFT JOIN category c ON c.id = p.category_id";

/// All products by name, at most 1,000.
pub async fn products(rows: &Rows) -> Result<Vec<Product>, Fault> {
    rows.all(&format!("{PRODUCT} ORDER BY p.name, p.id LIMIT 1000"), vec![]).await
}

/// All categories by name.
pub async fn categories(rows: &Rows) -> Result<Vec<Category>, Fault> {
    rows.all("SELECT id, name, name_key FROM category ORDER BY name_key", vec![]).await
}

pub(super) async fn by_skus(rows: &Rows, skus: &[&str]) -> Result<HashMap<String, Product>, Fault> {
    let mut found = HashMap::new();
    for chunk in skus.chunks(500) {
        let sql = format!("{PRODUCT} WHERE p.sku IN ({})", marks(1, chunk.len()));
        let products: Vec<Product> = rows.all(&sql, chunk.iter().map(|sku| Value::from(*sku)).collect()).await?;
        found.extend(products.into_iter().map(|product| (product.sku.clone(), product)));
    }
    Ok(found)
}

/// A product an order asks for and that is not made yet, or has no category yet.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub name: String,
    pub category: Option<String>,
    pub price_minor: i64,
    pub currency: String,
}

#[derive(FromQueryResult)]
struct Placed {
    id: i64,
    key: String,
}

async fn returned(unit: &Write, batch: Batch<'_>) -> Result<HashMap<String, i64>, Fault> {
    let rows = batch.write_returning(unit).await?;
    let read = |row| Placed::from_query_result(row, "").map_err(store::fault).map(|placed| (placed.key, placed.id));
    rows.iter().map(read).collect()
}

/// Makes missing products and categories and fills a missing category. What is known already is never renamed: the
/// lines of orders seldom agree on wording.
pub(super) async fn place(
    unit: &Write,
    wanted: &BTreeMap<String, Wanted>,
    now: i64,
) -> Result<HashMap<String, i64>, Fault> {
    const CATEGORY: &str = "ON CONFLICT (name_key) DO UPDATE SET name = category.name RETURNING id, name_key AS key";
    let named: BTreeMap<String, &str> =
        wanted.values().filter_map(|w| w.category.as_deref()).map(|name| (kernel::text::fold(name), name)).collect();
    let mut batch = Batch::new("category", &["name", "name_key"], CATEGORY);
    for (key, name) in &named {
        batch.push(values![*name, key.as_str()]);
    }
    let categories = returned(unit, batch).await?;

    const PRODUCT: &str = "ON CONFLICT (sku) DO UPDATE SET category_id = COALESCE(product.category_id, excluded.category_id), \
         updated_at = excluded.updated_at RETURNING id, sku AS key";
    const COLUMNS: [&str; 7] = ["sku", "name", "category_id", "price_minor", "currency", "created_at", "updated_at"];
    let mut batch = Batch::new("product", &COLUMNS, PRODUCT);
    for (sku, product) in wanted {
        let category = product.category.as_deref().and_then(|name| categories.get(&kernel::text::fold(name)));
        batch.push(values![
            sku.as_str(),
            product.name.as_str(),
            category.copied(),
            product.price_minor,
            product.currency.as_str(),
            now,
            now
        ]);
    }
    returned(unit, batch).await
}
