"""Conditional reads and writes."""

import datetime
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError
from judge import absent, body_of, check, fresh_bucket, holds, refused, s3, same

bucket = fresh_bucket()
ETAG = s3.put_object(Bucket=bucket, Key="c", Body=b"now")["ETag"]
OTHER = '"0123456789abcdef0123456789abcdef"'


@check("cond.get-if-none-match")
def _():
    refused(304, None, s3.get_object, Bucket=bucket, Key="c", IfNoneMatch=ETAG)
    refused(304, None, s3.head_object, Bucket=bucket, Key="c", IfNoneMatch=ETAG)
    same(body_of(bucket, "c", IfNoneMatch=OTHER), b"now")


@check("cond.get-if-match")
def _():
    refused(412, ["PreconditionFailed"], s3.get_object, Bucket=bucket, Key="c", IfMatch=OTHER)
    refused(412, None, s3.head_object, Bucket=bucket, Key="c", IfMatch=OTHER)
    same(body_of(bucket, "c", IfMatch=ETAG), b"now")


@check("cond.get-dates")
def _():
    modified = s3.head_object(Bucket=bucket, Key="c")["LastModified"]
    before = modified - datetime.timedelta(hours=1)
    refused(304, None, s3.get_object, Bucket=bucket, Key="c", IfModifiedSince=modified)
    same(body_of(bucket, "c", IfModifiedSince=before), b"now")
    refused(412, ["PreconditionFailed"], s3.get_object, Bucket=bucket, Key="c", IfUnmodifiedSince=before)
    same(body_of(bucket, "c", IfUnmodifiedSince=modified), b"now")


@check("cond.put-create")
def _():
    s3.put_object(Bucket=bucket, Key="new", Body=b"first", IfNoneMatch="*")
    refused(412, ["PreconditionFailed"], s3.put_object, Bucket=bucket, Key="new", Body=b"second", IfNoneMatch="*")
    same(body_of(bucket, "new"), b"first")


@check("cond.put-swap")
def _():
    first = s3.put_object(Bucket=bucket, Key="swap", Body=b"1")["ETag"]
    refused(412, ["PreconditionFailed"], s3.put_object, Bucket=bucket, Key="swap", Body=b"2", IfMatch=OTHER)
    same(body_of(bucket, "swap"), b"1")
    s3.put_object(Bucket=bucket, Key="swap", Body=b"3", IfMatch=first)
    same(body_of(bucket, "swap"), b"3")
    refused(404, ["NoSuchKey"], s3.put_object, Bucket=bucket, Key="no-swap", Body=b"2", IfMatch=first)
    absent(bucket, "no-swap")


@check("cond.put-race")
def _():
    def create(number):
        try:
            s3.put_object(Bucket=bucket, Key="race", Body=b"%02d" % number * 10_000, IfNoneMatch="*")
            return 200
        except ClientError as error:
            return error.response["ResponseMetadata"]["HTTPStatusCode"]

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(create, range(16)))
    holds(statuses.count(200) == 1 and set(statuses) <= {200, 409, 412}, f"statuses {sorted(statuses)}")
    won = statuses.index(200)
    holds(body_of(bucket, "race") == b"%02d" % won * 10_000, "the winner's bytes are not there")
