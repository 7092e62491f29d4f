"""Presigned URLs, used by a plain HTTP client."""

import datetime
from unittest import mock

from judge import absent, body_of, check, fetch, fresh_bucket, s3, same

bucket = fresh_bucket()
s3.put_object(Bucket=bucket, Key="p", Body=b"open sesame")
s3.put_object(Bucket=bucket, Key="q", Body=b"another")
AWKWARD = "pre sig+\u00e9%/x"


def url(method="get_object", key="p", **options):
    return s3.generate_presigned_url(method, Params={"Bucket": bucket, "Key": key}, **options)


@check("presign.get")
def _():
    same(fetch("GET", url()), (200, b"open sesame"))
    s3.put_object(Bucket=bucket, Key=AWKWARD, Body=b"awkward")
    same(fetch("GET", url(key=AWKWARD)), (200, b"awkward"))


@check("presign.put")
def _():
    status, said = fetch("PUT", url("put_object", AWKWARD), b"put", {"Content-Type": ""})
    same(status, 200, said)
    same(body_of(bucket, AWKWARD), b"put")


@check("presign.tampered")
def _():
    good = url()
    last = good[-1]
    for bad in (good.replace("/p?", "/q?"), good[:-1] + ("0" if last != "0" else "1"), good.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")):
        same(fetch("GET", bad)[0], 403, "status")


@check("presign.expired")
def _():
    hour_ago = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(hours=1)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: hour_ago):
        old = url(ExpiresIn=60)
        long = url(ExpiresIn=7200)
    same(fetch("GET", old)[0], 403, "status an hour after a URL for a minute")
    same(fetch("GET", long)[0], 200, "status an hour after a URL for two hours")


@check("presign.other-method")
def _():
    same(fetch("PUT", url(key="never"), b"x", {"Content-Type": ""})[0], 403, "status")
    absent(bucket, "never")
