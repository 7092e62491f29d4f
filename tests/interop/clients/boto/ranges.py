"""Byte ranges."""

import os

from judge import body_of, check, fresh_bucket, holds, refused, s3, same

bucket = fresh_bucket()
DATA = os.urandom(100_000)
ETAG = s3.put_object(Bucket=bucket, Key="r", Body=DATA)["ETag"]


@check("range.middle")
def _():
    found = s3.get_object(Bucket=bucket, Key="r", Range="bytes=10-19")
    same(found["ResponseMetadata"]["HTTPStatusCode"], 206, "status")
    same((found["ContentRange"], found["ContentLength"], found["ETag"]), ("bytes 10-19/100000", 10, ETAG))
    holds(found["Body"].read() == DATA[10:20], "the bytes differ")


@check("range.suffix")
def _():
    holds(body_of(bucket, "r", Range="bytes=-5") == DATA[-5:], "the last five differ")
    holds(body_of(bucket, "r", Range="bytes=-200000") == DATA, "a suffix beyond the size is not the whole")


@check("range.open")
def _():
    holds(body_of(bucket, "r", Range="bytes=99990-") == DATA[99990:], "the bytes differ")
    holds(body_of(bucket, "r", Range="bytes=0-") == DATA, "the whole differs")


@check("range.clamped")
def _():
    found = s3.get_object(Bucket=bucket, Key="r", Range="bytes=99990-200000")
    same(found["ContentRange"], "bytes 99990-99999/100000")
    holds(found["Body"].read() == DATA[99990:], "the bytes differ")


@check("range.unsatisfiable")
def _():
    refused(416, ["InvalidRange"], s3.get_object, Bucket=bucket, Key="r", Range="bytes=100000-100001")
    s3.put_object(Bucket=bucket, Key="nothing", Body=b"")
    refused(416, ["InvalidRange"], s3.get_object, Bucket=bucket, Key="nothing", Range="bytes=0-0")


@check("range.if-match")
def _():
    holds(body_of(bucket, "r", Range="bytes=1-2", IfMatch=ETAG) == DATA[1:3], "the bytes differ")
    refused(412, ["PreconditionFailed"], s3.get_object, Bucket=bucket, Key="r", Range="bytes=1-2", IfMatch='"other"')
