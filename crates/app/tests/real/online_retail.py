# A British gift shop, December 2010 to December 2011 (UCI Machine Learning Repository, 352), as files for the import, and
# its figures by DuckDB on the raw file. The rules of both stand in mod.rs; the two halves share nothing but the raw file.
# Input: JSON with "raw", "out" and "share" (one customer of so many; 1: all). Output: JSON with the figures.
import csv, gzip, json, os, sys

ask = json.load(sys.stdin)
raw, out, share = ask["raw"], ask["out"], ask["share"]
NO_COUNTRY = {"Channel Islands", "European Community", "Unspecified"}

# For the import: plain reading, line by line.
countries, sources = {}, {}
with gzip.open(raw, "rt", encoding="utf-8", newline="") as lines, \
        open(os.path.join(out, "orders.csv"), "w", encoding="utf-8", newline="") as orders:
    orders = csv.writer(orders)
    orders.writerow(["OrderNumber", "CustomerNumber", "OrderDate", "SKU", "Description", "Quantity", "UnitPrice", "Status", "Currency"])
    for line in csv.DictReader(lines):
        invoice, customer, quantity = line["InvoiceNo"], line["CustomerID"], int(line["Quantity"])
        digits = customer.removesuffix(".0") or "".join(c for c in invoice if c.isdigit())
        if int(digits) % share:
            continue
        account = "C" + digits if customer else "COUNTER-" + line["Country"]
        countries[account], sources[account] = line["Country"], "account" if customer else "counter"
        cancelled = invoice.startswith("C")
        orders.writerow([invoice, account, line["InvoiceDate"], line["StockCode"], line["Description"],
                         -quantity if cancelled else quantity, line["UnitPrice"], "cancelled" if cancelled else "booked", "GBP"])
with open(os.path.join(out, "contacts.csv"), "w", encoding="utf-8", newline="") as contacts:
    contacts = csv.writer(contacts)
    contacts.writerow(["CustomerNumber", "LastName", "Country", "Source"])
    for account, country in countries.items():
        contacts.writerow([account, "Customer " + account, "" if country in NO_COUNTRY else country, sources[account]])

# The figures: DuckDB.
import duckdb
duck = duckdb.connect()
duck.execute("SET enable_progress_bar = false")
duck.execute("CREATE TABLE raw AS SELECT * FROM read_csv(?, header = true, all_varchar = true)", [raw])
duck.execute("""CREATE TABLE line AS SELECT * FROM (
    SELECT rowid AS n, InvoiceNo AS invoice, StockCode AS sku, CAST(Quantity AS BIGINT) AS quantity,
        CAST(UnitPrice AS DECIMAL(18, 3)) AS price, InvoiceDate[1:7] AS month, Country AS country,
        COALESCE('C' || CAST(CAST(CustomerID AS DOUBLE) AS BIGINT), 'COUNTER-' || Country) AS account,
        CustomerID IS NOT NULL AS known, InvoiceNo LIKE 'C%' AS cancelled,
        COALESCE(CAST(CAST(CustomerID AS DOUBLE) AS BIGINT), CAST(regexp_replace(InvoiceNo, '[^0-9]', '', 'g') AS BIGINT)) AS digits
    FROM raw) WHERE digits % ? = 0""", [share])
duck.execute("""CREATE TABLE judged AS SELECT *, CASE WHEN quantity < 0 AND NOT cancelled THEN 'number'
    WHEN price * 100 <> floor(price * 100) THEN 'money' END AS flaw FROM line""")
duck.execute("""CREATE TABLE taken AS SELECT *, CAST(abs(quantity) * (price * 100) AS BIGINT) AS minor FROM judged WHERE flaw IS NULL""")
duck.execute("CREATE TABLE iso (name VARCHAR, code VARCHAR)")
duck.executemany("INSERT INTO iso VALUES (?, ?)", [pair.split("=") for pair in (
    "United Kingdom=GB,Germany=DE,France=FR,EIRE=IE,Spain=ES,Netherlands=NL,Belgium=BE,Switzerland=CH,Portugal=PT,Australia=AU,"
    "Norway=NO,Italy=IT,Finland=FI,Cyprus=CY,Sweden=SE,Austria=AT,Denmark=DK,Japan=JP,Poland=PL,Israel=IL,USA=US,Hong Kong=HK,"
    "Singapore=SG,Iceland=IS,Canada=CA,Greece=GR,Malta=MT,United Arab Emirates=AE,RSA=ZA,Lebanon=LB,Lithuania=LT,Brazil=BR,"
    "Czech Republic=CZ,Bahrain=BH,Saudi Arabia=SA").split(",")])
duck.execute("""CREATE TABLE account AS SELECT account, known, COALESCE((SELECT code FROM iso WHERE name = arg_max(country, n)), '') AS country
    FROM line GROUP BY account, known""")
duck.execute("""CREATE TABLE buyer AS SELECT account, COUNT(DISTINCT invoice) AS orders, SUM(minor) AS minor, MIN(month) AS first,
    bool_or(sku = '85123A') AS heart FROM taken WHERE NOT cancelled GROUP BY account""")

def rows(sql):
    return [[int(cell) if not isinstance(cell, str) else cell for cell in row] for row in duck.execute(sql).fetchall()]

SOLD, BACK = "NOT cancelled", "cancelled"
figures = {
    "refused": rows("SELECT flaw, COUNT(*) FROM judged WHERE flaw IS NOT NULL GROUP BY flaw ORDER BY flaw"),
    # In thousandths: what was taken and what was refused is all there is.
    "raw": rows("SELECT COUNT(*), CAST(SUM(quantity * price) * 1000 AS BIGINT) FROM line"),
    "refused worth": rows("SELECT COALESCE(CAST(SUM(quantity * price) * 1000 AS BIGINT), 0) FROM judged WHERE flaw IS NOT NULL"),
    "contacts": rows("SELECT COUNT(*) FROM account"),
    "totals": rows(f"SELECT COUNT(DISTINCT invoice) FILTER ({SOLD}), COUNT(DISTINCT invoice) FILTER ({BACK}), COUNT(*), COUNT(DISTINCT sku), "
                   f"SUM(abs(quantity)) FILTER ({SOLD}), SUM(minor) FILTER ({SOLD}), COALESCE(SUM(minor) FILTER ({BACK}), 0) FROM taken"),
    "months": rows(f"SELECT month, COUNT(DISTINCT invoice) FILTER ({SOLD}), COUNT(DISTINCT account) FILTER ({SOLD}), SUM(minor) FILTER ({SOLD}), "
                   f"COUNT(DISTINCT invoice) FILTER ({BACK}), COALESCE(SUM(minor) FILTER ({BACK}), 0) FROM taken GROUP BY month ORDER BY month"),
    "countries": rows(f"SELECT account.country, COUNT(DISTINCT invoice) FILTER ({SOLD}), COALESCE(SUM(minor) FILTER ({SOLD}), 0), "
                      f"COALESCE(SUM(minor) FILTER ({BACK}), 0) FROM taken JOIN account USING (account) GROUP BY account.country ORDER BY 1"),
    "products": rows(f"SELECT sku, SUM(minor) AS worth, SUM(quantity) FROM taken WHERE {SOLD} GROUP BY sku ORDER BY worth DESC, sku LIMIT 20"),
    "first orders": rows("SELECT first, COUNT(*) FROM buyer GROUP BY first ORDER BY first"),
    "segments": [[definition, duck.execute(f"SELECT COUNT(*) FROM buyer JOIN account USING (account) WHERE known AND {sql}").fetchone()[0]]
        for definition, sql in (
            ('{"metric": "orders", "op": "gte", "value": 2}', "orders >= 2"),
            ('{"metric": "orders", "op": "gte", "value": 10}', "orders >= 10"),
            ('{"metric": "revenue", "op": "gte", "value": 100000}', "minor >= 100000"),
            ('{"metric": "revenue", "op": "between", "value": [50000, 99999]}', "minor BETWEEN 50000 AND 99999"),
            ('{"metric": "average_order", "op": "gte", "value": 50000}', "minor >= 50000 * orders"),
            ('{"did": {"kind": "order_placed", "where": [{"field": "product", "op": "eq", "value": "85123A"}]}}', "heart"))],
}
print(json.dumps(figures))
