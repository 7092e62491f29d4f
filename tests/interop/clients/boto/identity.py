"""Who may: wrong, unknown, absent and old signatures are refused, with the code that says why."""

import datetime
from unittest import mock

from judge import absent, check, client, fresh_bucket, refused, s3

bucket = fresh_bucket()
s3.put_object(Bucket=bucket, Key="mine", Body=b"x")


@check("auth.wrong-secret")
def _():
    thief = client(secret="not-the-secret")
    refused(403, ["SignatureDoesNotMatch"], thief.get_object, Bucket=bucket, Key="mine")
    refused(403, ["SignatureDoesNotMatch"], thief.list_objects_v2, Bucket=bucket)


@check("auth.wrong-secret-put")
def _():
    refused(403, ["SignatureDoesNotMatch"], client(secret="not-the-secret").put_object, Bucket=bucket, Key="planted", Body=b"x")
    absent(bucket, "planted")


@check("auth.unknown-key")
def _():
    refused(403, ["InvalidAccessKeyId"], client(access="AKIANOBODYATALL", secret="x").get_object, Bucket=bucket, Key="mine")


@check("auth.anonymous")
def _():
    nobody = client(anonymous=True)
    refused(403, ["AccessDenied"], nobody.get_object, Bucket=bucket, Key="mine")
    refused(403, ["AccessDenied"], nobody.put_object, Bucket=bucket, Key="planted", Body=b"x")
    absent(bucket, "planted")


@check("auth.clock-skew")
def _():
    for hours in (-2, 2):
        then = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(hours=hours)
        with mock.patch("botocore.auth.get_current_datetime", lambda *_, **__: then):
            refused(403, ["RequestTimeTooSkewed"], client().get_object, Bucket=bucket, Key="mine")
