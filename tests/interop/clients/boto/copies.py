"""CopyObject."""

import hashlib

from judge import body_of, check, fresh_bucket, refused, s3, same

here, there = fresh_bucket(), fresh_bucket()
s3.put_object(Bucket=here, Key="from", Body=b"goods", Metadata={"foo": "bar"}, ContentType="text/x-test")


@check("copy.object")
def _():
    said = s3.copy_object(Bucket=there, Key="to", CopySource={"Bucket": here, "Key": "from"})
    same(said["CopyObjectResult"]["ETag"], f'"{hashlib.md5(b"goods").hexdigest()}"', "ETag")
    head = s3.head_object(Bucket=there, Key="to")
    same((head["Metadata"], head["ContentType"]), ({"foo": "bar"}, "text/x-test"))
    same(body_of(there, "to"), b"goods")


@check("copy.metadata")
def _():
    s3.copy_object(Bucket=there, Key="new", CopySource={"Bucket": here, "Key": "from"}, MetadataDirective="REPLACE", Metadata={"n": "2"}, ContentType="a/b")
    head = s3.head_object(Bucket=there, Key="new")
    same((head["Metadata"], head["ContentType"]), ({"n": "2"}, "a/b"))


@check("copy.hostile-source")
def _():
    for key in ("sp ace/\u00fc+%25&\u00e9.txt", "a?b#c", "a//b", "100%", "\U0001f600"):
        s3.put_object(Bucket=here, Key=key, Body=key.encode())
        s3.copy_object(Bucket=there, Key="copied", CopySource={"Bucket": here, "Key": key})
        same(body_of(there, "copied"), key.encode(), key)


@check("copy.missing")
def _():
    refused(404, ["NoSuchKey"], s3.copy_object, Bucket=there, Key="x", CopySource={"Bucket": here, "Key": "never"})
