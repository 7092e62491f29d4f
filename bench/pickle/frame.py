"""One frame of 1,000,000 × 10 rows, and what pandas needs to write and read it. usage: frame.py make|read|write FILE [ROWS]"""
import sys
import time

import numpy as np
import pandas as pd

what, path = sys.argv[1:3]


def make(rows):
    random = np.random.default_rng(1)
    return pd.DataFrame({
        "id": np.arange(rows),
        "a": random.random(rows),
        "b": random.random(rows),
        "c": random.normal(size=rows),
        "n": random.integers(0, 1000, rows).astype("int32"),
        "flag": random.random(rows) < 0.5,
        "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 10**8, rows), unit="s"),
        "then": pd.Timestamp("2021-01-01") + pd.to_timedelta(random.integers(0, 10**8, rows), unit="s"),
        "city": np.array(["city %d" % n for n in range(1000)], dtype=object)[random.integers(0, 1000, rows)],
        "name": ["name %d" % n for n in random.integers(0, 10**6, rows)],
    })


if what == "make":
    make(int(sys.argv[3])).to_pickle(path)
else:
    frame = make(int(sys.argv[3])) if what == "write" else None
    began = time.process_time()
    if what == "write":
        frame.to_pickle(path)
    else:
        frame = pd.read_pickle(path)
    print((time.process_time() - began) * 1000)
    assert len(frame) > 0
