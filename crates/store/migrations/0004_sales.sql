-- What is sold and what was bought.
CREATE TABLE category (
    id {ID},
    name TEXT NOT NULL,
    name_key {KEY} NOT NULL UNIQUE
);

CREATE TABLE product (
    id {ID},
    sku {KEY} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category_id BIGINT REFERENCES category (id),
    price_minor BIGINT,
    currency TEXT NOT NULL DEFAULT 'EUR',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE purchase (
    id {ID},
    number {KEY} NOT NULL UNIQUE,        -- order number
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    placed_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    total_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX purchase_contact ON purchase (contact_id, placed_at);
CREATE INDEX purchase_placed ON purchase (placed_at, contact_id);

CREATE TABLE purchase_item (
    purchase_id BIGINT NOT NULL REFERENCES purchase (id),
    position BIGINT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES product (id),
    quantity BIGINT NOT NULL,
    unit_price_minor BIGINT NOT NULL,
    PRIMARY KEY (purchase_id, position)
);
CREATE INDEX purchase_item_product ON purchase_item (product_id, purchase_id);
