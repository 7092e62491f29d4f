"""Writes pickles of every shape, with what they mean, as lines of JSON: one file for each Python and its libraries.

    python make-fixtures.py OUT.jsonl [protocol ...] [--plain] [--numpy] [--pandas]
"""
import json
import pickle
import sys
import warnings
from base64 import b64encode

import canonical
import shapes

warnings.simplefilter("ignore")
words = sys.argv[2:]
protocols = [int(word) for word in words if word.isdigit()] or [5]
groups = {}
if "--plain" in words:
    groups.update(shapes.plain())
    groups.update(shapes.zones())
if "--numpy" in words:
    groups.update(shapes.arrays())
if "--pandas" in words:
    groups.update(shapes.frames())
with open(sys.argv[1], "w") as out:
    for name, value in groups.items():
        lines = {}
        for protocol in protocols:
            pickled = pickle.dumps(value, protocol)
            # what the protocol keeps: below 4 a time has no fold
            expected = json.dumps(canonical.canonical(pickle.loads(pickled)), separators=(",", ":"))
            lines.setdefault(expected, {})[protocol] = b64encode(pickled).decode()
        for expected, pickles in lines.items():
            out.write('{"name":%s,"pickles":%s,"expected":%s}\n' % (json.dumps(name), json.dumps(pickles), expected))
