"""boto3's transfer manager: files, streams that cannot be rewound, large copies, and what it leaves when it is broken off."""

import io
import os
import tempfile

from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig

from judge import absent, body_of, check, fresh_bucket, holds, refused, s3, same

bucket = fresh_bucket()
MIB = 1 << 20
PARTS = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=5 * MIB, max_concurrency=4)
LARGE = os.urandom(12 * MIB + 1)


class Unseekable(io.RawIOBase):
    """A pipe: it can be read once."""

    def __init__(self, data):
        self.inner = io.BytesIO(data)

    def readable(self):
        return True

    def seekable(self):
        return False

    def readinto(self, into):
        return self.inner.readinto(into)


@check("transfer.file")
def _():
    with tempfile.TemporaryDirectory() as folder:
        for size in (0, 1, 8 * MIB - 1, 8 * MIB, len(LARGE)):
            up, down, key = f"{folder}/up", f"{folder}/down", f"file-{size}"
            with open(up, "wb") as file:
                file.write(LARGE[:size])
            s3.upload_file(up, bucket, key, ExtraArgs={"Metadata": {"n": "1"}, "ContentType": "text/x-test"}, Config=PARTS)
            head = s3.head_object(Bucket=bucket, Key=key)
            same((head["ContentLength"], head["Metadata"], head["ContentType"]), (size, {"n": "1"}, "text/x-test"))
            same("-" in head["ETag"], size >= 8 * MIB, f"in parts at {size} bytes")
            s3.download_file(bucket, key, down, Config=PARTS)
            with open(down, "rb") as file:
                holds(file.read() == LARGE[:size], f"the bytes differ at {size}")


@check("transfer.unseekable")
def _():
    for size in (100, len(LARGE)):
        s3.upload_fileobj(Unseekable(LARGE[:size]), bucket, "stream", Config=PARTS)
        holds(body_of(bucket, "stream") == LARGE[:size], f"the bytes differ at {size}")


@check("transfer.copy-large")
def _():
    s3.put_object(Bucket=bucket, Key="whole", Body=LARGE, Metadata={"n": "1"}, ContentType="text/x-test")
    s3.copy({"Bucket": bucket, "Key": "whole"}, bucket, "copied in parts", Config=PARTS)
    head = s3.head_object(Bucket=bucket, Key="copied in parts")
    holds(head["ETag"].endswith('-3"'), "not the ETag of three parts")
    # the transfer manager does not carry metadata over to a copy in parts
    same(head["ContentLength"], len(LARGE), "length")
    holds(body_of(bucket, "copied in parts") == LARGE, "the bytes differ")


@check("transfer.checksums")
def _():
    for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
        extra = {"ChecksumAlgorithm": algorithm}
        try:
            s3.upload_fileobj(io.BytesIO(LARGE), bucket, algorithm, ExtraArgs=extra, Config=PARTS)
        except Exception as error:
            # CRC32C and CRC64NVME need a library that is not everywhere
            if "awscrt" in str(error).lower() or "missing dependency" in str(error).lower():
                continue
            raise
        head = s3.head_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
        holds(head.get(f"Checksum{algorithm}"), f"no {algorithm} is told")
        holds(body_of(bucket, algorithm) == LARGE, "the bytes differ")


@check("transfer.broken-off")
def _():
    class Breaks(Unseekable):
        def readinto(self, into):
            if self.inner.tell() > 9 * MIB:
                raise ValueError("the source is gone")
            return super().readinto(into)

    try:
        s3.upload_fileobj(Breaks(LARGE), bucket, "broken", Config=PARTS)
    except (ValueError, S3UploadFailedError):
        pass
    else:
        holds(False, "the source broke and the upload did not")
    absent(bucket, "broken")
    same([one["Key"] for one in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])], [], "unfinished uploads")


def part_of(key, upload, number, body):
    return s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=number, Body=body)["ETag"]


def begin(key, **options):
    return s3.create_multipart_upload(Bucket=bucket, Key=key, **options)["UploadId"]


def finish(key, upload, *parts, **options):
    listed = [{"PartNumber": number, "ETag": etag} for number, etag in parts]
    return s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": listed}, **options)


@check("multipart.part-number")
def _():
    upload = begin("numbered", Metadata={"m": "1"})
    bodies = [LARGE[: 5 * MIB], LARGE[5 * MIB : 10 * MIB], LARGE[10 * MIB :]]
    finish("numbered", upload, *[(n, part_of("numbered", upload, n, body)) for n, body in enumerate(bodies, 1)])
    for number, body in enumerate(bodies, 1):
        said = s3.get_object(Bucket=bucket, Key="numbered", PartNumber=number)
        same((said["ResponseMetadata"]["HTTPStatusCode"], said["PartsCount"], said["Metadata"]), (206, 3, {"m": "1"}))
        holds(said["Body"].read() == body, f"part {number} differs")
    refused(416, ["InvalidPartNumber"], s3.get_object, Bucket=bucket, Key="numbered", PartNumber=4)
    told = s3.get_object_attributes(Bucket=bucket, Key="numbered", ObjectAttributes=["ETag", "ObjectSize", "ObjectParts"])
    same((told["ObjectSize"], told["ObjectParts"]["TotalPartsCount"]), (len(LARGE), 3), "attributes")


@check("multipart.list")
def _():
    upload = begin("listed")
    etags = [part_of("listed", upload, number, b"x" * number) for number in (1, 3, 7)]
    said = s3.list_parts(Bucket=bucket, Key="listed", UploadId=upload, MaxParts=2)
    same([(p["PartNumber"], p["Size"], p["ETag"]) for p in said["Parts"]], [(1, 1, etags[0]), (3, 3, etags[1])])
    same((said["IsTruncated"], said["NextPartNumberMarker"]), (True, 3), "truncated")
    said = s3.list_parts(Bucket=bucket, Key="listed", UploadId=upload, PartNumberMarker=3)
    same([p["PartNumber"] for p in said["Parts"]], [7])
    same([u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket, Prefix="listed")["Uploads"]], [upload])
    s3.abort_multipart_upload(Bucket=bucket, Key="listed", UploadId=upload)
    refused(404, ["NoSuchUpload"], s3.list_parts, Bucket=bucket, Key="listed", UploadId=upload)


@check("multipart.refused")
def _():
    upload = begin("wrong")
    small = [(number, part_of("wrong", upload, number, b"x" * 100)) for number in (1, 2)]
    refused(400, ["EntityTooSmall"], finish, "wrong", upload, *small)
    refused(400, ["InvalidPart"], finish, "wrong", upload, (1, '"00000000000000000000000000000000"'))
    refused(400, ["InvalidPartOrder"], finish, "wrong", upload, small[1], small[0])
    refused(400, ["MalformedXML"], finish, "wrong", upload)
    absent(bucket, "wrong")


@check("multipart.if-none-match")
def _():
    s3.put_object(Bucket=bucket, Key="taken", Body=b"x")
    upload = begin("taken")
    part = (1, part_of("taken", upload, 1, b"y"))
    refused(412, ["PreconditionFailed"], finish, "taken", upload, part, IfNoneMatch="*")
    same(body_of(bucket, "taken"), b"x")


@check("copy.part")
def _():
    s3.put_object(Bucket=bucket, Key="source", Body=LARGE)
    upload = begin("assembled")
    source = {"Bucket": bucket, "Key": "source"}
    options = {"Bucket": bucket, "Key": "assembled", "UploadId": upload, "CopySource": source}
    first = s3.upload_part_copy(**options, PartNumber=1, CopySourceRange=f"bytes=0-{5 * MIB - 1}")["CopyPartResult"]["ETag"]
    last = s3.upload_part_copy(**options, PartNumber=2, CopySourceRange="bytes=7-9")["CopyPartResult"]["ETag"]
    refused(400, ["InvalidArgument", "InvalidRange"], s3.upload_part_copy, **options, PartNumber=3, CopySourceRange=f"bytes=0-{len(LARGE)}")
    finish("assembled", upload, (1, first), (2, last))
    holds(body_of(bucket, "assembled") == LARGE[: 5 * MIB] + LARGE[7:10], "the bytes differ")
