"""Hostile keys, from ../../hostile-keys.json: each its own bucket, so that one refusal does not hide the next."""

import json
import os

from botocore.exceptions import ClientError
from judge import HERE, Refuted, absent, body_of, check, fresh_bucket, holds, refused, s3, same

with open(os.path.join(HERE, "..", "..", "hostile-keys.json"), encoding="utf-8") as file:
    HOSTILE = json.load(file)


def listed(bucket):
    return [o["Key"] for o in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def round_trip(bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    holds(body_of(bucket, key) == key.encode(), "other bytes come back")
    holds(key in listed(bucket), f"listed as {listed(bucket)[-2:]!a}")


def each(keys, act):
    """Every key is tried; all that fail are named."""
    failed = []
    named = lambda key: ascii(key) if len(key) < 40 else f"{key[:8]!a}… of {len(key)}"  # noqa: E731
    for key in keys:
        try:
            act(key)
        except Refuted as refutation:
            failed.append(f"{named(key)}: {refutation}")
        except ClientError as error:
            failed.append(f"{named(key)}: {error.operation_name} {error.response['ResponseMetadata']['HTTPStatusCode']}")
        except Exception as error:
            failed.append(f"{named(key)}: {type(error).__name__}")
    holds(not failed, f"{len(failed)} of {len(keys)}: " + "; ".join(failed))


for kind, keys in HOSTILE["classes"].items():

    @check(f"keys.{kind}")
    def _():
        bucket = fresh_bucket()
        each(keys, lambda key: round_trip(bucket, key))
        same(sorted(listed(bucket)), sorted(keys), "all together")
        for key in keys:
            s3.delete_object(Bucket=bucket, Key=key)
            absent(bucket, key)
        same(listed(bucket), [], "left")


@check("keys.pairs")
def _():
    bucket = fresh_bucket()

    def apart(pair):
        for key in pair:
            s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
        for key in pair:
            same(body_of(bucket, key), key.encode())
        s3.delete_object(Bucket=bucket, Key=pair[0])
        same(body_of(bucket, pair[1]), pair[1].encode(), "after its neighbour went")

    each(HOSTILE["pairs"], apart)


@check("keys.long")
def _():
    bucket, most = fresh_bucket(), HOSTILE["longestBytes"]
    each(["L" * most, "\u00e9" * (most // 2), "/".join(["s" * 200] * 5)], lambda key: round_trip(bucket, key))
    refused(400, ["KeyTooLongError"], s3.put_object, Bucket=bucket, Key="L" * (most + 1), Body=b"x")
