"""Reads lines of JSON with an `original` pickle and ours, and says where Python finds them different. Ends with how many it compared.

    python check-written.py WRITTEN.jsonl
"""
import json
import pickle
import sys
import warnings
from base64 import b64decode

import canonical

warnings.simplefilter("ignore")


def difference(original, ours):
    kind = type(original).__name__
    if type(ours).__name__ != kind and not kind.startswith(("OrderedDict", "defaultdict", "Counter", "deque", "bytearray", "Pure")):
        return "%s instead of %s" % (type(ours).__name__, kind)
    if kind in ("DataFrame", "Series", "Index"):
        import pandas.testing as testing

        check = {"DataFrame": testing.assert_frame_equal, "Series": testing.assert_series_equal, "Index": testing.assert_index_equal}
        try:
            check[kind](original, ours)
        except AssertionError as error:
            return str(error).replace("\n", " ")[:300]
        return None
    one, other = (json.dumps(plainer(canonical.canonical(each))) for each in (original, ours))
    if one == other:
        return None
    at = next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), 0)
    return "%s where %s" % (other[max(0, at - 40) : at + 60], one[max(0, at - 40) : at + 60])


def plainer(form):
    """Without the differences that are meant: a Map is a dict, an OrderedDict is one; a pytz zone is zoneinfo's."""
    if isinstance(form, list):
        return [plainer(each) for each in form]
    if isinstance(form, dict):
        if "datetime" in form or "zone" in form:
            zone = form["datetime"][2] if "datetime" in form else form["zone"]
            if zone and zone[0] and "/" in zone[0]:
                zone[1] = None
        return {("dict" if key == "map" else key): plainer(each) for key, each in form.items()}
    return form


compared = differing = 0
for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    compared += 1
    try:
        original = pickle.loads(b64decode(case["original"]))
        found = difference(original, pickle.loads(b64decode(case["pickle"])))
    except Exception as error:
        found = "%s: %s" % (type(error).__name__, error)
    if found is not None:
        differing += 1
        print("%s (protocol %s): %s" % (case["name"], case["protocol"], found))
print("%d compared, %d differ" % (compared, differing))
sys.exit(1 if differing else 0)
