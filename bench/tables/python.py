"""One measurement in a fresh process: python python.py WHAT FOLDER; prints CPU milliseconds and the peak RSS in MB."""
import json, os, resource, sys

what, folder = sys.argv[1:3]
peer, verb, name = what.split(" ")
if peer == "pandas":
    import pandas as pd
    dates = ["day", "at"] if name == "dates.csv" else False
    read = {"csv": lambda: pd.read_csv(f"{folder}/{name}", parse_dates=dates), "jsonl": lambda: pd.read_json(f"{folder}/{name}", lines=True),
            "parquet": lambda: pd.read_parquet(f"{folder}/{name}"), "arrow": lambda: pd.read_feather(f"{folder}/{name}"),
            "pkl": lambda: pd.read_pickle(f"{folder}/{name}")}
    write = {"csv": lambda d: d.to_csv(f"{folder}/out", index=False), "jsonl": lambda d: d.to_json(f"{folder}/out", orient="records", lines=True),
             "parquet": lambda d: d.to_parquet(f"{folder}/out"), "pkl": lambda d: d.to_pickle(f"{folder}/out")}
else:
    import polars as pl
    read = {"csv": lambda: pl.read_csv(f"{folder}/{name}", try_parse_dates=name == "dates.csv", infer_schema_length=10000),
            "jsonl": lambda: pl.read_ndjson(f"{folder}/{name}", infer_schema_length=None),
            "parquet": lambda: pl.read_parquet(f"{folder}/{name}"), "arrow": lambda: pl.read_ipc(f"{folder}/{name}")}
    write = {"csv": lambda d: d.write_csv(f"{folder}/out"), "jsonl": lambda d: d.write_ndjson(f"{folder}/out"),
             "parquet": lambda d: d.write_parquet(f"{folder}/out", compression="snappy")}
kind = name.rsplit(".", 1)[1]
if verb == "write":
    frame = pd.read_parquet(f"{folder}/table.parquet") if peer == "pandas" else pl.read_parquet(f"{folder}/table.parquet")
if peer == "pandas" and name == "table.pkl" and verb == "read":
    # each pandas reads its own
    pd.read_parquet(f"{folder}/table.parquet").to_pickle(f"{folder}/own.pkl")
    name = "own.pkl"
before = os.times()
read[kind]() if verb == "read" else write[kind](frame)
after = os.times()
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"cpuMs": round((after.user + after.system - before.user - before.system) * 1000), "rssMb": rss}))
