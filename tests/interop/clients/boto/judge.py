"""What every boto3 check stands on: the server under judgement, clients, fresh buckets, and how a verdict is printed.

A verdict is one line of JSON: {"check": NAME, "ok": true | false, "why": TEXT}; names are those of ../../checks.json.
"""

import json
import os
import random
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

SERVER = json.loads(os.environ["INTEROP_SERVER"])
ENDPOINT, REGION = SERVER["endpoint"], SERVER["region"]
HERE = os.path.dirname(os.path.abspath(__file__))
ROUND = "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(8))
made = 0


class Refuted(Exception):
    pass


def client(access=None, secret=None, anonymous=False, endpoint=ENDPOINT, **config):
    settings = dict(
        s3={"addressing_style": "path"},
        retries={"total_max_attempts": 1},
        connect_timeout=5,
        read_timeout=20,
        max_pool_connections=32,
        signature_version=UNSIGNED if anonymous else "s3v4",
    )
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=access or SERVER["accessKeyId"],
        aws_secret_access_key=secret or SERVER["secretAccessKey"],
        config=Config(**{**settings, **config}),
    )


s3 = client()


def fresh_bucket():
    global made
    made += 1
    name = f"boto-{ROUND}-{made}"
    s3.create_bucket(Bucket=name)
    return name


def body_of(bucket, key, **options):
    return s3.get_object(Bucket=bucket, Key=key, **options)["Body"].read()


def holds(condition, why):
    if not condition:
        raise Refuted(why)


def same(found, wanted, what="value"):
    if found != wanted:
        raise Refuted(f"{what}: {str(found)[:120]!r}, wanted {str(wanted)[:120]!r}")


def refused(status, codes, call, *args, **options):
    """The call must fail with this status and, where a body can carry one, one of these codes."""
    try:
        call(*args, **options)
    except ClientError as error:
        got = error.response["ResponseMetadata"]["HTTPStatusCode"]
        code = error.response["Error"].get("Code")
        holds(got == status, f"{got} {code}, wanted {status} {codes or ''}")
        holds(not codes or code in codes, f"{got} {code}, wanted {codes}")
        return
    raise Refuted(f"accepted, wanted {status} {codes or ''}")


def absent(bucket, key):
    refused(404, None, s3.head_object, Bucket=bucket, Key=key)


def fetch(method, url, body=None, headers=None):
    """Plain HTTP, as a browser or curl would use a presigned URL."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def check(name):
    def run(function):
        begun = time.monotonic()
        try:
            function()
            verdict = {"ok": True}
        except Refuted as refutation:
            verdict = {"ok": False, "why": str(refutation)}
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            verdict = {"ok": False, "why": f"{error.operation_name}: {status} {error.response['Error'].get('Code')}"}
        except Exception as error:  # whatever the client library throws is the server's verdict, not this program's end
            verdict = {"ok": False, "why": f"{type(error).__name__}: {str(error)[:200]}"}
        verdict["ms"] = round((time.monotonic() - begun) * 1000)
        print(json.dumps({"check": name, **verdict}), flush=True)
        return function

    return run


