"""Splink on DuckDB over the same contacts: python beside.py CONTACTS.tsv. Prints seconds and the best F1 of all thresholds.

The columns are spelt one way already, and their Cologne phonetics stand beside them, so that Splink need not do that."""

import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

TEXT = "first_name last_name birth_date email phone street number postal_code city company first_sound last_sound".split()

since = time.perf_counter()
connection = duckdb.connect()
connection.execute("SET threads TO 2")
columns = ", ".join(f"nullif({name}, '') AS {name}" for name in TEXT)
connection.execute(
    f"CREATE TABLE contacts AS SELECT id AS unique_id, person, {columns} "
    f"FROM read_csv('{sys.argv[1]}', delim='\t', header=true, all_varchar=true, quote='')"
)
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("last_name").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.EmailComparison("email").configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("street", [0.92, 0.82]),
        cl.LevenshteinAtThresholds("postal_code", 1),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("email"),
        block_on("phone"),
        block_on("birth_date", "last_sound"),
        block_on("birth_date", "first_sound"),
        block_on("first_sound", "last_sound", "postal_code"),
        block_on("last_sound", "street", "number"),
        block_on("first_sound", "street", "number"),
    ],
)
api = DuckDBAPI(connection=connection)
linker = Linker(api.register("contacts"), settings)
training = linker.training
training.estimate_probability_two_random_records_match(
    [block_on("email", "first_name"), block_on("birth_date", "first_name", "last_name")], recall=0.7
)
training.estimate_u_using_random_sampling(max_pairs=1e6)
training.estimate_parameters_using_expectation_maximisation(block_on("email"))
training.estimate_parameters_using_expectation_maximisation(block_on("birth_date", "last_sound"))
predicted = linker.inference.predict(threshold_match_probability=0.01)
name = predicted.physical_name
pairs = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
took = time.perf_counter() - since

(truth,) = connection.execute(
    "SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM contacts GROUP BY person)"
).fetchone()
best = (0.0, 0.0)
for threshold in [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 0.9999]:
    found, right = connection.execute(
        f"SELECT count(*), count(*) FILTER (a.person = b.person) FROM {name} p "
        f"JOIN contacts a ON a.unique_id = p.unique_id_l JOIN contacts b ON b.unique_id = p.unique_id_r "
        f"WHERE p.match_probability >= {threshold}"
    ).fetchone()
    best = max(best, (2.0 * right / (found + float(truth)), threshold))
print(f"{took:.3f} {best[0]:.5f} {best[1]} {pairs}")
