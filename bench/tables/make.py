"""1,000,000 rows of 10 columns as every format: python make.py ROWS FOLDER"""
import sys
import numpy as np, polars as pl

rows, folder = int(sys.argv[1]), sys.argv[2]
random = np.random.default_rng(1)
letters = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789", dtype="S1")
texts = np.array(["plain text, with commas", 'a "quoted" one', "ünïcode ✓ 日本", "short"], dtype=object)
holes = lambda name: pl.when(pl.Series(random.random(rows)) < 0.1).then(None).otherwise(pl.col(name)).alias(name)
frame = pl.DataFrame({
    "id": np.arange(rows) * 7 + 1_000_000,
    "n": random.integers(0, 10**9, rows),
    "price": random.random(rows) * 1000,
    "f": random.normal(size=rows),
    "cat": np.array(["alpha", "beta", "gamma", "delta", "epsilon"])[random.integers(0, 5, rows)],
    "code": random.choice(letters, (rows, 12)).view("S12").ravel().astype(str),
    "text": texts[random.integers(0, 4, rows)].tolist(),
    "day": (np.datetime64("2020-01-01") + random.integers(0, 1500, rows)).astype("datetime64[D]"),
    "at": np.datetime64("2020-01-01", "ms") + random.integers(0, 10**11, rows),
    "ok": random.random(rows) < 0.5,
}).with_columns(holes("n"), holes("f"), holes("text"))
frame.write_csv(f"{folder}/dates.csv")
frame.drop("day", "at").write_csv(f"{folder}/plain.csv")
frame.write_ndjson(f"{folder}/lines.jsonl")
frame.write_parquet(f"{folder}/table.parquet", compression="snappy", row_group_size=rows // 4)
frame.write_ipc(f"{folder}/table.arrow")
frame.to_pandas().to_pickle(f"{folder}/table.pkl")
frame.head(3).write_csv(f"{folder}/first.csv")
