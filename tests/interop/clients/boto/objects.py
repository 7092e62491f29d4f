"""One object: what goes in comes out, with what was said about it."""

import datetime
import hashlib
import io
import os

from boto3.s3.transfer import TransferConfig
from judge import absent, body_of, check, fresh_bucket, holds, refused, s3, same

bucket = fresh_bucket()
DATA = os.urandom(100_000)
ETAG = f'"{hashlib.md5(DATA).hexdigest()}"'


@check("object.round-trip")
def _():
    same(s3.put_object(Bucket=bucket, Key="a.bin", Body=DATA)["ETag"], ETAG, "ETag of PUT")
    found = s3.get_object(Bucket=bucket, Key="a.bin")
    holds(found["Body"].read() == DATA, "the bytes differ")
    same(found["ETag"], ETAG, "ETag of GET")


@check("object.empty")
def _():
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    found = s3.get_object(Bucket=bucket, Key="empty")
    same((found["ContentLength"], found["Body"].read()), (0, b""))
    same([o["Size"] for o in s3.list_objects_v2(Bucket=bucket, Prefix="empty")["Contents"]], [0], "listed size")


@check("object.head")
def _():
    s3.put_object(Bucket=bucket, Key="head.bin", Body=DATA)
    head = s3.head_object(Bucket=bucket, Key="head.bin")
    same((head["ContentLength"], head["ETag"]), (len(DATA), ETAG))
    same(head["ContentType"], "binary/octet-stream", "default type")
    same(head.get("AcceptRanges"), "bytes", "Accept-Ranges")
    age = datetime.datetime.now(datetime.timezone.utc) - head["LastModified"]
    holds(abs(age.total_seconds()) < 60, f"modified {age} ago")


@check("object.metadata")
def _():
    said = dict(CacheControl="max-age=7", ContentDisposition='attachment; filename="q.txt"', ContentEncoding="gzip", ContentLanguage="de", ContentType="text/x-test")
    mine = {"foo": "bar", "spaced": "Value With  Space", "empty": ""}
    s3.put_object(Bucket=bucket, Key="meta", Body=b"m", Metadata=mine, **said)
    head = s3.head_object(Bucket=bucket, Key="meta")
    same({k: head.get(k) for k in said}, said, "standard headers")
    # Signing folds runs of blanks, so a server may keep either form.
    same({k: " ".join(v.split()) for k, v in head["Metadata"].items()}, {k: " ".join(v.split()) for k, v in mine.items()}, "metadata")


@check("object.overwrite")
def _():
    for text in (b"first, and longer", b"second"):
        s3.put_object(Bucket=bucket, Key="over", Body=text)
        same(body_of(bucket, "over"), text)


@check("object.delete")
def _():
    s3.put_object(Bucket=bucket, Key="gone", Body=b"x")
    for _ in range(2):
        same(s3.delete_object(Bucket=bucket, Key="gone")["ResponseMetadata"]["HTTPStatusCode"], 204, "status")
    absent(bucket, "gone")


@check("object.missing")
def _():
    refused(404, ["NoSuchKey"], s3.get_object, Bucket=bucket, Key="never")
    refused(404, None, s3.head_object, Bucket=bucket, Key="never")


@check("object.large")
def _():
    data = os.urandom(12 << 20)
    s3.put_object(Bucket=bucket, Key="large", Body=data)
    holds(body_of(bucket, "large") == data, "the bytes differ")


@check("multipart.round-trip")
def _():
    data, back = os.urandom(18 << 20), io.BytesIO()
    transfer = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20)
    s3.upload_fileobj(io.BytesIO(data), bucket, "parts", Config=transfer)
    s3.download_fileobj(bucket, "parts", back, Config=transfer)
    holds(back.getvalue() == data, "the bytes differ")
    holds(s3.head_object(Bucket=bucket, Key="parts")["ETag"].endswith('-3"'), "not the ETag of three parts")


@check("multipart.abort")
def _():
    upload = s3.create_multipart_upload(Bucket=bucket, Key="dropped")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="dropped", UploadId=upload, PartNumber=1, Body=b"x" * 100)
    s3.abort_multipart_upload(Bucket=bucket, Key="dropped", UploadId=upload)
    absent(bucket, "dropped")
    refused(404, ["NoSuchUpload"], s3.upload_part, Bucket=bucket, Key="dropped", UploadId=upload, PartNumber=1, Body=b"x")


@check("delete-objects.batch")
def _():
    keys = [f"batch/{n}" for n in range(30)] + ["batch/a b+c%&<>\u00e9", "batch/missing"]
    for key in keys[:-1]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    said = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": k} for k in keys]})
    same(sorted(d["Key"] for d in said.get("Deleted", [])), sorted(keys), "named")
    same(said.get("Errors", []), [], "errors")
    same(s3.list_objects_v2(Bucket=bucket, Prefix="batch/")["KeyCount"], 0, "left")
    said = s3.delete_objects(Bucket=bucket, Delete={"Quiet": True, "Objects": [{"Key": "batch/quiet"}]})
    same(said.get("Deleted", []), [], "named though quiet")
