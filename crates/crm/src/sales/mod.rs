//! Products, categories and orders.

mod booking;
mod import;
mod order;
mod product;

pub use import::OrderImport;
pub use order::{
    Bought, ItemDraft, Order, OrderDraft, OrderItem, bought, cancel_order, find_order, items_of, order_by_number,
    orders_of, place_order,
};
pub use product::{Category, Product, categories, products};
