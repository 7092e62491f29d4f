"""Values of every kind that a pickle may hold: plain ones, numpy arrays, pandas frames. Runs on Python 3.7 to 3.13."""
import collections
import datetime as dt
import decimal
import pathlib
import uuid


def plain():
    shared = [1]
    cycle = [1]
    cycle.append(cycle)
    ring = {}
    ring["self"] = ring
    knot = ([],)
    knot[0].append(knot)
    zone = dt.timezone
    return {
        "none": None,
        "bools": [True, False],
        "ints": [0, 5, -7, 255, 256, 65535, 65536, 2**31 - 1, -(2**31), 2**31, 2**40, -(2**40), 2**53 - 1, 2**53, 2**53 + 1]
        + [-(2**63), 2**64, 2**100, -(2**100), 10**300],
        "floats": [1.5, -0.0, float("inf"), float("-inf"), float("nan"), 1e300, 0.1, 5e-324],
        "strs": ["", "hi", "ünï✓日本😀\n\"q\"\\ '", "x" * 300, "é" * 20, "\ud800a", "\ufffd"],
        "bytes": [b"", b"\x00\xff\x80ab", b"z" * 300],
        "bytearray": bytearray(b"\x01\x02\xfe"),
        "lists": [[], [1, 2, [3]]],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
        "sets": [set(), {1}, frozenset(), frozenset(["a"])],
        "dicts": [{}, {"a": 1, "b": {}}, {"a": 1, 2: "b"}, {"__proto__": {"polluted": 1}, "constructor": 2}, {1: 2}],
        "tuple keys": {(1, 2): "t"},
        "complex": 1 - 2j,
        "dates": [dt.date(2020, 1, 2), dt.date.min, dt.date.max],
        "datetimes": [
            dt.datetime(2020, 1, 2, 3, 4, 5, 678901),
            dt.datetime(2020, 1, 2, tzinfo=zone.utc),
            dt.datetime(1, 1, 1, tzinfo=zone(dt.timedelta(hours=-5, minutes=-30))),
            dt.datetime(2020, 10, 25, 2, 30, fold=1),
        ],
        "times": [dt.time(1, 2, 3), dt.time(23, 59, 59, 999999, tzinfo=zone.utc)],
        "timedeltas": [dt.timedelta(1, 2, 3), dt.timedelta(-1, 5), dt.timedelta.max, dt.timedelta.min],
        "timezones": [zone.utc, zone(dt.timedelta(hours=2)), zone(dt.timedelta(hours=1), "CET")],
        "decimals": [decimal.Decimal(each) for each in "123.4500 1E+5 NaN -Infinity 0 -0.00 sNaN 1E-30".split()],
        "uuids": [uuid.UUID(int=5), uuid.UUID("12345678-1234-5678-9234-567812345678")],
        "ordered": collections.OrderedDict([("b", 1), ("a", 2), (3, 4)]),
        "default": collections.defaultdict(int, a=1),
        "counter": collections.Counter("abca"),
        "deque": collections.deque([1, 2], maxlen=3),
        "paths": [pathlib.PurePosixPath(each) for each in ("a/b/c.txt", "/etc/x", ".", "a")]
        + [pathlib.PureWindowsPath("C:\\a\\b")],
        "shared": [shared, shared],
        "cycle": cycle,
        "ring": ring,
        "knot": knot,
        "batches": [[0] * 2001, {i: 0 for i in range(1001)}],
        "memo": [str(i) for i in range(300)] * 2,
    }


def zones():
    found = {}
    try:
        import zoneinfo

        vienna = zoneinfo.ZoneInfo("Europe/Vienna")
        found["zoneinfo"] = [vienna, dt.datetime(2020, 1, 1, tzinfo=vienna)]
    except ImportError:
        pass
    try:
        import pytz

        vienna = pytz.timezone("Europe/Vienna")
        found["pytz"] = [pytz.utc, vienna.localize(dt.datetime(2020, 7, 1)), dt.datetime(2020, 1, 1, tzinfo=pytz.FixedOffset(60))]
    except ImportError:
        pass
    return found


def arrays():
    import numpy as np

    return {
        "np ints": [np.arange(3, dtype=code) for code in "i1 i2 i4 i8 u1 u2 u4 u8".split()],
        "np floats": [np.array([1.5, np.nan, -0.0, np.inf, 6e-8], dtype=code) for code in "f2 f4 f8".split()],
        "np 2d": np.arange(6, dtype="f4").reshape(2, 3),
        "np fortran": [
            np.asfortranarray(np.arange(6.0).reshape(2, 3)),
            np.asfortranarray(np.arange(24, dtype="i2").reshape(2, 3, 4)),
            np.asfortranarray(np.arange(6, dtype="i1").reshape(3, 2)),
            np.asfortranarray(np.array([["a", "bc"], ["d", "e"], ["f", "g"]])),
        ],
        "np bool": np.array([True, False]),
        "np times": [np.array(["2020-01-01", "NaT"], dtype="M8[%s]" % unit) for unit in ("D", "s", "ns")],
        "np durations": np.array([5], dtype="m8[25s]"),
        "np texts": [np.array(["a", "ü✓😀", ""]), np.array(["a", "ü✓"], dtype=">U2")],
        "np bytes": np.array([b"a", b"bcd"]),
        "np objects": np.array(["x", None, 3], dtype=object),
        "np objects fortran": np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", "f"]], dtype=object)),
        "np big endian": [np.arange(3, dtype=code) for code in (">i4", ">f8", ">i2", ">f2")],
        "np scalars": [np.float64(1.5), np.int64(2**60), np.int8(-3), np.float32(0.5), np.bool_(True), np.str_("ü")]
        + [np.bytes_(b"x"), np.uint64(2**64 - 1)],
        "np time scalar": np.datetime64("2020-01-01T00:00:00", "ns"),
        "np complex": [np.array([1 + 2j, 3j]), np.array([1 + 2j], dtype="c8"), np.complex128(1 + 2j)],
        "np empty": [np.array([]), np.zeros((0, 3)), np.zeros((3, 0), dtype="U5")],
        "np 0d": np.array(5),
        "np sliced": np.arange(10)[::3],
    }


def frames():
    import numpy as np
    import pandas as pd

    times = pd.DatetimeIndex([pd.Timestamp("2020-01-01"), pd.Timestamp("2021-06-03 04:05:06.789"), pd.NaT])
    df = pd.DataFrame({
        "i": [1, 2, 3],
        "f": [1.5, np.nan, 3],
        "s": ["a", "ü✓", None],
        "b": [True, False, True],
        "d": times,
        "tz": times.tz_localize("Europe/Vienna"),
        "utc": times.tz_localize("UTC"),
        "off": times.tz_localize(dt.timezone(dt.timedelta(hours=2))),
        "cat": pd.Categorical(["x", "y", None]),
        "ordered": pd.Categorical([3, 1, 3], categories=[1, 2, 3], ordered=True),
        "times": pd.Categorical(pd.to_datetime(["2020-01-01", "2020-01-01", "2021-01-01"])),
        "I": pd.array([1, None, 3], dtype="Int64"),
        "U8": pd.array([1, 2, 3], dtype="UInt8"),
        "B": pd.array([True, None, False], dtype="boolean"),
        "S": pd.array(["p", None, "q"], dtype="string"),
        "td": pd.to_timedelta([1, 2, 3], unit="s"),
        "i1": np.array([1, 2, 3], dtype="i1"),
        "u8": np.array([2**64 - 1, 0, 1], dtype="u8"),
        "j": [4, 5, 2**60 + 1],
        "f4": np.array([1.5, 2, 3], dtype="f4"),
        "objects": [[1, 2], {"a": 1, 2: 3}, (1,)],
        "decimals": [decimal.Decimal("1.10"), None, decimal.Decimal("2")],
        "mixed": ["x", 1, pd.NaT],
        "dates": [dt.date(2020, 1, 1), None, dt.date(2021, 1, 1)],
    })
    if hasattr(pd, "Float64Dtype"):
        df["F"] = pd.array([1.5, None, 2], dtype="Float64")
    some = pd.DataFrame({"v": [1.0, 2.0]})
    long = pd.DataFrame({
        "whole": ["ü %d" % (i % 7) for i in range(300)],
        "gaps": [None if i % 5 == 0 else "x%d\n" % i for i in range(300)],
        "string": pd.array([None if i % 7 == 0 else str(i) for i in range(300)], dtype="string"),
        "objects": pd.Series([i if i % 9 == 0 else str(i) for i in range(300)], dtype=object),
    })
    return {
        "df": df,
        "df long": long,
        "df index of texts": df[["i", "s"]].set_index("s"),
        "df multi index": df[["i", "f", "s"]].set_index(["i", "s"]),
        "df multi index with gaps": df[["i", "f", "d"]].set_index(["f", "d"]),
        "df times as index": some.set_index(pd.DatetimeIndex(["2020-01-01", "2020-01-03"], tz="UTC", name="when")),
        "df regular times": some.set_index(pd.date_range("2020-01-01", periods=2, freq="D", tz="Europe/Vienna", name="day")),
        "df every month": some.set_index(pd.date_range("2020-01-01", periods=2, freq="MS")),
        "df every two hours": some.set_index(pd.date_range("2020-01-01", periods=2, freq=pd.Timedelta(hours=2))),
        "df every week": some.set_index(pd.date_range("2020-01-01", periods=2, freq="W-WED")),
        "df wall times as index": some.set_index(pd.DatetimeIndex(["2020-01-01", "2020-01-03"])),
        "df durations as index": some.set_index(pd.to_timedelta([1, 5], unit="s")),
        "df categories as index": some.set_index(pd.CategoricalIndex(["u", "v"])),
        "df empty": pd.DataFrame({"a": pd.Series([], dtype="i8"), "b": pd.Series([], dtype=object)}),
        "df nothing": pd.DataFrame(),
        "df no columns": pd.DataFrame(index=range(3)),
        "df sliced": df[["i", "f", "j"]].iloc[::2],
        "df transposed": pd.DataFrame(np.arange(6).reshape(2, 3)).T,
        "df duplicate names": pd.DataFrame([[1, 2.5], [3, 4]], columns=["a", "a"]),
        "df counted columns": pd.DataFrame([[1, 2]]),
        "df columns of levels": pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["l", None])),
        "df named columns": pd.DataFrame([[1, 2]], columns=pd.Index(["a", "b"], name="cols")),
        "df blocks apart": pd.DataFrame({"a": [1, 2], "b": [1.5, 2], "c": [3, 4], "d": ["x", "y"], "e": [2.5, 3]}),
        "df objects fortran": pd.DataFrame(np.asfortranarray(np.array([["a", "b", "c"], ["d", "e", None]], dtype=object))),
        "dfs inside": {"x": pd.DataFrame({"a": [1]}), "y": [pd.Series([1])]},
        "series": pd.Series([1, 2], name="x"),
        "series of texts": pd.Series(["a", None, "ü"]),
        "series with index": pd.Series([1.5, 2], index=["p", "q"]),
        "index": pd.Index(["a", "b"], name="n"),
        "indexes": [pd.Index([1, 2]), pd.Index([1.5]), pd.RangeIndex(3)],
        "timestamps": [pd.Timestamp("2020-01-01 01:02:03.123456789", tz="UTC"), pd.Timestamp("2020-01-01")]
        + [pd.Timestamp("2020-06-01", tz="Europe/Vienna"), pd.Timestamp("1900-01-01 00:00:00.5")],
        "durations": [pd.Timedelta(5, "s"), pd.Timedelta(-1, "ns"), pd.NaT],
    }
