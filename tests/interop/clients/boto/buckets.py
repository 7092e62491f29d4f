"""Buckets come and go, and a missing one is told from a missing object."""

from judge import ROUND, check, fresh_bucket, holds, refused, s3


@check("bucket.create")
def _():
    bucket = fresh_bucket()
    s3.head_bucket(Bucket=bucket)
    holds(bucket in [b["Name"] for b in s3.list_buckets()["Buckets"]], "not listed")


@check("bucket.delete")
def _():
    bucket = fresh_bucket()
    s3.delete_bucket(Bucket=bucket)
    refused(404, None, s3.head_bucket, Bucket=bucket)
    holds(bucket not in [b["Name"] for b in s3.list_buckets()["Buckets"]], "still listed")


@check("bucket.not-empty")
def _():
    bucket = fresh_bucket()
    s3.put_object(Bucket=bucket, Key="x", Body=b"x")
    refused(409, ["BucketNotEmpty"], s3.delete_bucket, Bucket=bucket)


@check("bucket.missing")
def _():
    name = f"nowhere-{ROUND}"
    refused(404, ["NoSuchBucket"], s3.get_object, Bucket=name, Key="x")
    refused(404, ["NoSuchBucket"], s3.put_object, Bucket=name, Key="x", Body=b"x")
    refused(404, ["NoSuchBucket"], s3.list_objects_v2, Bucket=name)
    refused(404, ["NoSuchBucket"], s3.delete_bucket, Bucket=name)
    refused(404, None, s3.head_bucket, Bucket=name)
