"""A body that is not what its headers say is refused and leaves nothing."""

import base64
import hashlib
import zlib

from judge import absent, check, client, fresh_bucket, refused, s3, same

bucket = fresh_bucket()
# Without the CRC32 that boto3 adds, so that each digest stands alone.
bare = client(request_checksum_calculation="when_required")


def crc32(data):
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


@check("integrity.sha256")
def _():
    def swap_after_signing(request, **_):
        request.body = b"hellx"

    bare.meta.events.register_last("before-send.s3.PutObject", swap_after_signing)
    try:
        refused(400, ["XAmzContentSHA256Mismatch"], bare.put_object, Bucket=bucket, Key="sha", Body=b"hello")
    finally:
        bare.meta.events.unregister("before-send.s3.PutObject", swap_after_signing)
    absent(bucket, "sha")


@check("integrity.md5")
def _():
    other = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    refused(400, ["BadDigest"], bare.put_object, Bucket=bucket, Key="md5", Body=b"hello", ContentMD5=other)
    refused(400, ["InvalidDigest"], bare.put_object, Bucket=bucket, Key="md5", Body=b"hello", ContentMD5="nonsense")
    absent(bucket, "md5")
    bare.put_object(Bucket=bucket, Key="md5", Body=b"other", ContentMD5=other)


@check("integrity.crc32")
def _():
    # AWS says BadDigest today; InvalidRequest and XAmzContentChecksumMismatch are what it and its likenesses have said.
    refused(400, ["BadDigest", "InvalidRequest", "XAmzContentChecksumMismatch"], s3.put_object, Bucket=bucket, Key="crc", Body=b"hello", ChecksumCRC32="AAAAAA==")
    absent(bucket, "crc")


@check("integrity.crc32-returned")
def _():
    same(s3.put_object(Bucket=bucket, Key="ok", Body=b"hello", ChecksumAlgorithm="CRC32").get("ChecksumCRC32"), crc32(b"hello"), "said by PUT")
    same(s3.head_object(Bucket=bucket, Key="ok", ChecksumMode="ENABLED").get("ChecksumCRC32"), crc32(b"hello"), "said by HEAD")
