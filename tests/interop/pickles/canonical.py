"""A value as JSON that says all of it, in the form that ../../pickle-canonical.ts has for what entrepot made of it."""
import collections
import datetime as dt
import decimal
import math
import pathlib
import struct
import uuid

EPOCH = dt.datetime(1970, 1, 1)


def canonical(value, path=()):
    for depth, above in enumerate(path):
        if above is value:
            return {"up": len(path) - depth}
    path = path + (value,)
    below = lambda each: canonical(each, path)
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {"n": str(value)}
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return {"s": str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"b": bytes(value).hex()}
    if isinstance(value, complex):
        return {"complex": [number(value.real), number(value.imag)]}
    if isinstance(value, tuple):
        return {"tuple": [below(each) for each in value]}
    if isinstance(value, (list, collections.deque)):
        return [below(each) for each in value]
    if isinstance(value, (set, frozenset)):
        kind = "frozenset" if isinstance(value, frozenset) else "set"
        return {kind: [below(each) for each in value]}
    if isinstance(value, collections.OrderedDict):
        return {"map": [[below(key), below(each)] for key, each in value.items()]}
    if isinstance(value, dict):
        is_object = all(isinstance(key, str) and key != "__proto__" for key in value)
        pairs = [[below(key), below(each)] for key, each in value.items()]
        return {"dict" if is_object else "map": pairs}
    if hasattr(value, "to_pydatetime"):
        whole = (value.tz_convert(None) if value.tz else value)
        return {"timestamp": [str(int(whole.to_datetime64().astype("M8[ns]").astype("i8"))), zone_name(value.tz)]}
    if hasattr(value, "to_pytimedelta"):
        return {"duration": str(int(value.to_timedelta64().astype("m8[ns]").astype("i8")))}
    if isinstance(value, dt.datetime):
        return {"datetime": [value.replace(tzinfo=None).isoformat(), value.fold, zone_of(value.tzinfo, value)]}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"time": [value.replace(tzinfo=None).isoformat(), value.fold, zone_of(value.tzinfo, None)]}
    if isinstance(value, dt.timedelta):
        return {"duration": str(((value.days * 86400 + value.seconds) * 10**6 + value.microseconds) * 1000)}
    if isinstance(value, dt.tzinfo):
        return {"zone": zone_of(value, None)}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, uuid.UUID):
        return {"uuid": str(value)}
    if isinstance(value, pathlib.PurePath):
        return {"s": str(value)}
    if type(value).__module__.split(".")[0] == "numpy":
        return of_numpy(value, below)
    return of_pandas(value, below)


def number(value):
    if math.isnan(value):
        return {"n": "nan"}
    if value == math.floor(value) if math.isfinite(value) else False:
        if abs(value) < 2**53 and not (value == 0 and math.copysign(1, value) < 0):
            return {"n": str(int(value))}
    return {"f": struct.pack(">d", value).hex()}


def zone_of(zone, when):
    if zone is None:
        return None
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if type(zone) is dt.timezone:
        args = zone.__getinitargs__()
        name = args[1] if len(args) > 1 else ("UTC" if not args[0] else None)
    offset = None if getattr(zone, "key", None) else zone.utcoffset(when)
    return [name, None if offset is None else int(offset.total_seconds())]


def zone_name(zone):
    if zone is None:
        return None
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if name is not None:
        return name
    seconds = int(zone.utcoffset(None).total_seconds())
    return "UTC" if seconds == 0 else "%s%02d:%02d" % ("-" if seconds < 0 else "+", abs(seconds) // 3600, abs(seconds) // 60 % 60)


def of_numpy(value, below):
    import numpy as np

    if isinstance(value, np.generic) and value.dtype.kind not in "Mmc":
        return below(value.item())
    array = np.asarray(value)
    kind = array.dtype.kind
    name = {"U": "str", "S": "bytes"}.get(kind, array.dtype.name)
    flat = array.astype("i8") if kind in "Mm" else array.view("u1") if kind == "b" else array
    if kind == "c":
        flat = np.ascontiguousarray(array).ravel().view("f%d" % (array.dtype.itemsize // 2))
    values = [below(each) for each in flat.ravel(order="C").tolist()]
    return {"array": [name, list(array.shape), values]}


def of_pandas(value, below):
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        columns = [column(value.columns[at], value.iloc[:, at], below) for at in range(value.shape[1])]
        return {"frame": columns, "index": index(value.index, below), "levels": [below(name) for name in value.columns.names]}
    if isinstance(value, pd.Series):
        return {"series": column(value.name, value, below), "index": index(value.index, below)}
    if isinstance(value, pd.Index):
        return {"labels": index(value, below)}
    raise TypeError("no canonical form of %r" % type(value))


def column(name, values, below, gaps=("str", "string", "category")):
    dtype = str(values.dtype)
    found = {"name": below(name), "dtype": dtype, "values": [None if is_gap(each) and dtype in gaps else below(each) for each in values]}
    if dtype.startswith("datetime64") and "," in dtype:
        found["dtype"] = "%s, %s]" % (dtype.split(",")[0], zone_name(values.dtype.tz))
    if dtype == "category":
        found["categories"] = [below(each) for each in values.dtype.categories]
        found["ordered"] = bool(values.dtype.ordered)
    return found


def is_gap(value):
    return isinstance(value, float) and math.isnan(value)


def index(value, below):
    import pandas as pd

    if isinstance(value, pd.RangeIndex):
        start, stop, step = (getattr(value, name, None) for name in ("start", "stop", "step"))
        return {"range": [start, stop, step], "name": below(value.name)}
    levels = [value.get_level_values(at) for at in range(value.nlevels)]
    # a gap in a level is no value of the level
    gaps = ("str", "string", "category") + (("object",) if value.nlevels > 1 else ())
    return {"columns": [column(name, level, below, gaps) for name, level in zip(value.names, levels)]}
