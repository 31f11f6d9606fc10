//! Products, categories and orders.
