"""frames.py make FOLDER: frames of this pandas as pickles. frames.py show FILE: what pandas reads, as JSON."""
import datetime, decimal, json, sys
import numpy as np, pandas as pd

def frames():
    when = pd.to_datetime(pd.Series(["2020-01-02 03:04:05.678901", None]))
    yield "all", pd.DataFrame({
        "i8": np.array([1, -2], "int8"), "u16": np.array([1, 65535], "uint16"),
        "i64": np.array([2**53 + 1, -2**63], "int64"), "u64": np.array([2**64 - 1, 0], "uint64"),
        "f32": np.array([0.5, np.nan], "float32"), "f64": [0.1, np.inf], "b": [True, False],
        "Int64": pd.array([2**53 + 1, None], dtype="Int64"), "UInt8": pd.array([255, None], dtype="UInt8"),
        "boolean": pd.array([True, None], dtype="boolean"), "string": pd.array(["ü✓", None], dtype="string"),
        "texts": ["a", ""], "gaps": ["a", None],
        "when": when, "utc": when.dt.tz_localize("UTC"), "zone": when.dt.tz_localize("UTC").dt.tz_convert("America/New_York"),
        "took": pd.to_timedelta(pd.Series([1_500_000, None]), unit="us"),
        "cat": pd.Categorical(["x", None], categories=["x", "y"]), "ints": pd.Categorical([7, 7]),
        "day": [datetime.date(2020, 1, 2), None], "clock": [datetime.time(3, 4, 5, 6), None],
        "dec": [decimal.Decimal("1.10"), decimal.Decimal("-2")], "bytes": [b"\x00\xff", None],
        "lists": [[1, 2], []], "dicts": [{"a": 1}, {"a": None}], "none": [None, None],
    })
    index = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None])
    yield "multi", pd.DataFrame({"v": [1.5, 2.5]}, index=index)
    yield "empty", pd.DataFrame({"i": np.array([], "int64"), "c": pd.Categorical([], categories=["x"])})
    yield "series", pd.Series([1, 2], name="n", index=[5, 6])

if sys.argv[1] == "make":
    for name, frame in frames():
        frame.to_pickle(f"{sys.argv[2]}/{name}.pkl")
        frame.to_pickle(f"{sys.argv[2]}/{name}.pkl.gz")
else:
    frame = pd.read_pickle(sys.argv[2])
    shown = lambda cell: None if cell is None or cell is pd.NA or cell is pd.NaT else repr(cell) if isinstance(cell, (bytes, list, dict, float)) else str(cell)
    columns = {name: [str(frame[name].dtype), [shown(cell) for cell in frame[name].tolist()]] for name in frame.columns}
    print(json.dumps({"pandas": pd.__version__, "index": str(frame.index), "columns": columns}))
