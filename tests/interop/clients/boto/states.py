"""What a bucket and an object know beside their bytes: versions, tags, attributes; and who may, by policy or by form."""

import json
import socket
import urllib.parse
import uuid
from unittest import mock

from judge import ENDPOINT, absent, body_of, check, client, fetch, fresh_bucket, holds, refused, s3, same

bucket = fresh_bucket()
nobody = client(anonymous=True)


def versioned():
    name = fresh_bucket()
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@check("versioning.round-trip")
def _():
    name = versioned()
    same(s3.get_bucket_versioning(Bucket=name).get("Status"), "Enabled")
    first = s3.put_object(Bucket=name, Key="v", Body=b"one")["VersionId"]
    second = s3.put_object(Bucket=name, Key="v", Body=b"two")["VersionId"]
    holds(first != second, "two versions have one name")
    same([body_of(name, "v"), body_of(name, "v", VersionId=first), body_of(name, "v", VersionId=second)], [b"two", b"one", b"two"])
    same(s3.head_object(Bucket=name, Key="v")["VersionId"], second, "the present one")
    s3.delete_object(Bucket=name, Key="v", VersionId=first)
    refused(404, ["NoSuchVersion"], s3.get_object, Bucket=name, Key="v", VersionId=first)
    refused(400, ["InvalidArgument"], s3.get_object, Bucket=name, Key="v", VersionId="no version at all")


@check("versioning.delete-marker")
def _():
    name = versioned()
    s3.put_object(Bucket=name, Key="v", Body=b"one")
    deleted = s3.delete_object(Bucket=name, Key="v")
    holds(deleted.get("DeleteMarker") and deleted.get("VersionId"), "no delete marker is told")
    refused(404, ["NoSuchKey"], s3.get_object, Bucket=name, Key="v")
    refused(405, ["MethodNotAllowed"], s3.get_object, Bucket=name, Key="v", VersionId=deleted["VersionId"])
    same(s3.list_objects_v2(Bucket=name)["KeyCount"], 0, "listed")
    s3.delete_object(Bucket=name, Key="v", VersionId=deleted["VersionId"])
    same(body_of(name, "v"), b"one", "after the marker is deleted")


@check("versioning.list")
def _():
    name = versioned()
    ids = [s3.put_object(Bucket=name, Key=key, Body=b"x")["VersionId"] for key in ("a", "b", "b", "b")]
    marker = s3.delete_object(Bucket=name, Key="b")["VersionId"]
    said = s3.list_object_versions(Bucket=name)
    same([(v["Key"], v["VersionId"], v["IsLatest"]) for v in said["Versions"]], [("a", ids[0], True), *[("b", one, False) for one in ids[:0:-1]]])
    same([(m["Key"], m["VersionId"], m["IsLatest"]) for m in said["DeleteMarkers"]], [("b", marker, True)], "markers")
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=name, PaginationConfig={"PageSize": 2})
    found = [one["VersionId"] for page in pages for one in page.get("Versions", []) + page.get("DeleteMarkers", [])]
    same(sorted(found), sorted([*ids, marker]), "in pages of two")
    refused(409, ["BucketNotEmpty"], s3.delete_bucket, Bucket=name)
    s3.delete_objects(Bucket=name, Delete={"Objects": [{"Key": k, "VersionId": v} for k, v in zip("abbbb", [*ids, marker])]})
    s3.delete_bucket(Bucket=name)


@check("versioning.suspended")
def _():
    name = versioned()
    kept = s3.put_object(Bucket=name, Key="v", Body=b"kept")["VersionId"]
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    for body in (b"null one", b"null two"):
        s3.put_object(Bucket=name, Key="v", Body=body)
    same([body_of(name, "v"), body_of(name, "v", VersionId="null"), body_of(name, "v", VersionId=kept)], [b"null two", b"null two", b"kept"])
    same(len(s3.list_object_versions(Bucket=name)["Versions"]), 2, "versions")


@check("tagging.object")
def _():
    tags = [{"Key": "k", "Value": "v"}, {"Key": "\u00e9 +/", "Value": ""}]
    s3.put_object(Bucket=bucket, Key="tagged", Body=b"x", Tagging="a=1&b=2%203")
    same(s3.get_object_tagging(Bucket=bucket, Key="tagged")["TagSet"], [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2 3"}])
    s3.put_object_tagging(Bucket=bucket, Key="tagged", Tagging={"TagSet": tags})
    found = s3.get_object_tagging(Bucket=bucket, Key="tagged")["TagSet"]
    same(sorted(found, key=str), sorted(tags, key=str))
    same(s3.get_object(Bucket=bucket, Key="tagged").get("TagCount"), 2, "count")
    refused(400, ["InvalidTag"], s3.put_object_tagging, Bucket=bucket, Key="tagged", Tagging={"TagSet": [{"Key": "k" * 129, "Value": ""}]})
    s3.delete_object_tagging(Bucket=bucket, Key="tagged")
    same(s3.get_object_tagging(Bucket=bucket, Key="tagged")["TagSet"], [])


@check("tagging.bucket")
def _():
    refused(404, ["NoSuchTagSet"], s3.get_bucket_tagging, Bucket=bucket)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    same(s3.get_bucket_tagging(Bucket=bucket)["TagSet"], [{"Key": "k", "Value": "v"}])
    s3.delete_bucket_tagging(Bucket=bucket)
    refused(404, ["NoSuchTagSet"], s3.get_bucket_tagging, Bucket=bucket)


def statement(effect, action, resource):
    rule = {"Effect": effect, "Principal": "*", "Action": action, "Resource": f"arn:aws:s3:::{resource}"}
    return json.dumps({"Version": "2012-10-17", "Statement": [rule]})


@check("policy.public-read")
def _():
    name = fresh_bucket()
    s3.put_object(Bucket=name, Key="open/x", Body=b"open")
    s3.put_object(Bucket=name, Key="shut", Body=b"shut")
    refused(404, ["NoSuchBucketPolicy"], s3.get_bucket_policy, Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=statement("Allow", "s3:GetObject", f"{name}/open/*"))
    same(nobody.get_object(Bucket=name, Key="open/x")["Body"].read(), b"open")
    refused(403, ["AccessDenied"], nobody.get_object, Bucket=name, Key="shut")
    refused(403, ["AccessDenied"], nobody.put_object, Bucket=name, Key="open/y", Body=b"x")
    refused(403, ["AccessDenied"], nobody.list_objects_v2, Bucket=name)
    s3.delete_bucket_policy(Bucket=name)
    refused(403, ["AccessDenied"], nobody.get_object, Bucket=name, Key="open/x")


@check("policy.deny")
def _():
    name = fresh_bucket()
    s3.put_object(Bucket=name, Key="locked/x", Body=b"x")
    s3.put_bucket_policy(Bucket=name, Policy=statement("Deny", "s3:DeleteObject", f"{name}/locked/*"))
    refused(403, ["AccessDenied"], s3.delete_object, Bucket=name, Key="locked/x")
    same(body_of(name, "locked/x"), b"x")
    refused(400, ["MalformedPolicy"], s3.put_bucket_policy, Bucket=name, Policy="{")


def form(fields, body, file=b"hello"):
    bound = uuid.uuid4().hex
    parts = [f'--{bound}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts.append(f'--{bound}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'.encode() + file + f"\r\n--{bound}--\r\n".encode())
    return fetch("POST", body, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={bound}"})


@check("post.form")
def _():
    post = s3.generate_presigned_post(bucket, "posted/${filename}", Conditions=[["content-length-range", 1, 100]])
    status, said = form(post["fields"], post["url"])
    same(status, 204, said[:200])
    same(body_of(bucket, "posted/f"), b"hello")
    wanted = {"success_action_status": "201"}
    post = s3.generate_presigned_post(bucket, "created", Fields=wanted, Conditions=[wanted])
    status, said = form(post["fields"], post["url"])
    same(status, 201, said[:200])
    holds(b"<PostResponse>" in said and b"<Key>created</Key>" in said, said[:200])


@check("post.refused")
def _():
    post = s3.generate_presigned_post(bucket, "never", Conditions=[["content-length-range", 1, 4]])
    status, said = form(post["fields"], post["url"])
    same((status, b"EntityTooLarge" in said), (400, True), said[:200])
    post = s3.generate_presigned_post(bucket, "never")
    same(form({**post["fields"], "key": "other"}, post["url"])[0], 403, "another key")
    same(form({**post["fields"], "x-amz-signature": "0" * 64}, post["url"])[0], 403, "another signature")
    same(form({**post["fields"], "x-amz-meta-extra": "1"}, post["url"])[0], 403, "a field that the policy does not name")
    absent(bucket, "never")
    absent(bucket, "other")


@check("presign.overrides")
def _():
    s3.put_object(Bucket=bucket, Key="p", Body=b"x", ContentType="text/plain")
    params = {"Bucket": bucket, "Key": "p", "ResponseContentType": "x/over", "ResponseContentDisposition": "inline"}
    said = s3.get_object(**params)
    same((said["ContentType"], said["ContentDisposition"]), ("x/over", "inline"))
    same(fetch("GET", s3.generate_presigned_url("get_object", Params=params)), (200, b"x"))


@check("auth.sigv2")
def _():
    old = client(signature_version="s3")
    refused(400, ["InvalidRequest"], old.get_object, Bucket=bucket, Key="p")
    refused(400, ["InvalidRequest"], old.put_object, Bucket=bucket, Key="planted", Body=b"x")
    absent(bucket, "planted")


@check("address.virtual-host")
def _():
    # not every resolver knows that names below localhost are this machine
    ask = socket.getaddrinfo
    hosted = client(s3={"addressing_style": "virtual"}, endpoint=f"http://localhost:{urllib.parse.urlsplit(ENDPOINT).port}")
    with mock.patch("socket.getaddrinfo", lambda host, *rest, **more: ask("127.0.0.1", *rest, **more)):
        hosted.put_object(Bucket=bucket, Key="a b/\u00e9", Body=b"hosted")
        same(hosted.get_object(Bucket=bucket, Key="a b/\u00e9")["Body"].read(), b"hosted")
        same(body_of(bucket, "a b/\u00e9"), b"hosted", "by path")
        link = hosted.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/\u00e9"})
        holds(f"//{bucket}.localhost" in link, link)
        same(fetch("GET", link), (200, b"hosted"))


@check("bucket.location")
def _():
    holds("LocationConstraint" in s3.get_bucket_location(Bucket=bucket), "no location is told")


@check("error.document")
def _():
    try:
        s3.get_object(Bucket=bucket, Key="never")
    except s3.exceptions.NoSuchKey as error:
        told = error.response
    same(told["Error"], {"Code": "NoSuchKey", "Message": "The specified key does not exist.", "Key": "never"} | {k: v for k, v in told["Error"].items() if k not in ("Code", "Message", "Key")})
    headers = told["ResponseMetadata"]["HTTPHeaders"]
    same((headers["content-type"], bool(headers["x-amz-request-id"])), ("application/xml", True))
    same(told["ResponseMetadata"]["RequestId"], headers["x-amz-request-id"], "request id")


@check("delete.if-match")
def _():
    etag = s3.put_object(Bucket=bucket, Key="guarded", Body=b"x")["ETag"]
    refused(412, ["PreconditionFailed"], s3.delete_object, Bucket=bucket, Key="guarded", IfMatch='"00000000000000000000000000000000"')
    s3.delete_object(Bucket=bucket, Key="guarded", IfMatch=etag)
    absent(bucket, "guarded")


@check("delete-objects.1001")
def _():
    many = [{"Key": f"k{n}"} for n in range(1001)]
    refused(400, ["MalformedXML"], s3.delete_objects, Bucket=bucket, Delete={"Objects": many})


@check("copy.conditions")
def _():
    etag = s3.put_object(Bucket=bucket, Key="from", Body=b"x")["ETag"]
    options = {"Bucket": bucket, "Key": "to", "CopySource": {"Bucket": bucket, "Key": "from"}}
    refused(412, ["PreconditionFailed"], s3.copy_object, **options, CopySourceIfMatch='"bad"')
    refused(412, ["PreconditionFailed"], s3.copy_object, **options, CopySourceIfNoneMatch=etag)
    absent(bucket, "to")
    s3.copy_object(**options, CopySourceIfMatch=etag)


@check("copy.self")
def _():
    s3.put_object(Bucket=bucket, Key="self", Body=b"x")
    source = {"Bucket": bucket, "Key": "self"}
    refused(400, ["InvalidRequest"], s3.copy_object, Bucket=bucket, Key="self", CopySource=source)
    s3.copy_object(Bucket=bucket, Key="self", CopySource=source, MetadataDirective="REPLACE", Metadata={"n": "2"})
    same(s3.head_object(Bucket=bucket, Key="self")["Metadata"], {"n": "2"})
