# DuckDB (its own file) and chDB (MergeTree tables) beside us: loads the files of our shelf once, then answers line by line.
# Input: "ENGINE<TAB>SQL"; output: milliseconds, rows and the sum of all numbers.
import glob, os, sys, time

shelf, work = sys.argv[1], sys.argv[2]
tables = ["contact", "consent", "product", "purchase", "purchase_item", "campaign", "message", "interaction"]

import duckdb
duck = duckdb.connect(os.path.join(work, "duck.db"), config={"threads": 2, "memory_limit": "8GB"})
duck.execute("SET enable_progress_bar = false")
have = {row[0] for row in duck.execute("SELECT table_name FROM information_schema.tables").fetchall()}
for table in tables:
    if table not in have:
        order = " ORDER BY occurred_at" if table == "interaction" else ""
        duck.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{shelf}/{table}/*.parquet'){order}")
duck.execute("CHECKPOINT")

from chdb import session
house = session.Session(os.path.join(work, "chdb"))
house.query("SET max_threads = 2; SET join_use_nulls = 1")
known = str(house.query("SHOW TABLES FROM default", "CSV"))
for table in tables:
    if f'"{table}"' not in known:
        order = {"interaction": "(kind, occurred_at)", "message": "(campaign_id, id)", "purchase_item": "(purchase_id, position)"}.get(table, "id")
        house.query(f"CREATE TABLE default.{table} ENGINE = MergeTree ORDER BY {order} SETTINGS allow_nullable_key = 1 AS SELECT * FROM file('{shelf}/{table}/*.parquet', Parquet)")
print("ready", flush=True)

def numbers(rows):
    total = 0
    for row in rows:
        for cell in row:
            try:
                total += int(cell)
            except (TypeError, ValueError):
                pass
    return total

import csv, io
for line in sys.stdin:
    engine, sql = line.rstrip("\n").split("\t", 1)
    since = time.perf_counter()
    if engine == "duckdb":
        rows = duck.execute("SELECT " + sql).fetchall()
        took = time.perf_counter() - since
    else:
        text = str(house.query("SELECT " + sql + " SETTINGS max_threads = 2, join_use_nulls = 1", "CSV"))
        took = time.perf_counter() - since
        rows = list(csv.reader(io.StringIO(text)))
    print(took * 1000, len(rows), numbers(rows), flush=True)
