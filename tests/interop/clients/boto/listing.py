"""Listings: complete at every page boundary, in the order of UTF-8 bytes, grouped by delimiter."""

from concurrent.futures import ThreadPoolExecutor

from judge import check, client, fresh_bucket, holds, s3, same

raw = client()
# boto3 asks for encoding-type=url by itself and decodes silently; without its two handlers the answer is seen as it came.
for event, handler in (("before-parameter-build.s3.ListObjectsV2", "set_list_objects_encoding_type_url"), ("after-call.s3.ListObjectsV2", "decode_list_object_v2")):
    from botocore import handlers

    raw.meta.events.unregister(event, getattr(handlers, handler))


def fill(bucket, keys):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.put_object(Bucket=bucket, Key=key, Body=b"x"), keys))


def pages(bucket, **options):
    token, found = None, []
    while True:
        page = s3.list_objects_v2(Bucket=bucket, **options, **({"ContinuationToken": token} if token else {}))
        found.append(page)
        if not page["IsTruncated"]:
            return found
        token = page["NextContinuationToken"]
        holds(len(found) < 50, "pages without end")


def keys_of(page):
    return [o["Key"] for o in page.get("Contents", [])]


def prefixes_of(page):
    return [p["Prefix"] for p in page.get("CommonPrefixes", [])]


counted = fresh_bucket()
names = [f"d{n % 5}/s{n % 50:02d}/k{n:05d}" for n in range(2500)]
filled = 0
for count in (0, 1, 999, 1000, 1001, 2500):

    @check(f"list.{count}")
    def _():
        global filled
        fill(counted, names[filled:count])
        filled = count
        found = pages(counted)
        same(len(found), max(1, -(-count // 1000)), "pages")
        same([page["KeyCount"] for page in found], [len(keys_of(page)) for page in found], "KeyCount")
        same([key for page in found for key in keys_of(page)], sorted(names[:count]), "keys")


small = fresh_bucket()
fill(small, ["a/1", "a/b/2", "a/b/3", "a/c/4", "a-b", "ab", "b", "c d/e+f%/g"])


@check("list.prefix")
def _():
    same(keys_of(s3.list_objects_v2(Bucket=small, Prefix="a")), ["a-b", "a/1", "a/b/2", "a/b/3", "a/c/4", "ab"])
    same(keys_of(s3.list_objects_v2(Bucket=small, Prefix="c d/e+")), ["c d/e+f%/g"])
    same(keys_of(s3.list_objects_v2(Bucket=small, Prefix="zzz")), [])


@check("list.delimiter")
def _():
    page = s3.list_objects_v2(Bucket=small, Delimiter="/")
    same((keys_of(page), prefixes_of(page), page["KeyCount"]), (["a-b", "ab", "b"], ["a/", "c d/"], 5))
    page = s3.list_objects_v2(Bucket=small, Delimiter="/", Prefix="a/")
    same((keys_of(page), prefixes_of(page)), (["a/1"], ["a/b/", "a/c/"]))
    page = s3.list_objects_v2(Bucket=small, Delimiter="b")
    same((keys_of(page), prefixes_of(page)), (["a/1", "a/c/4", "c d/e+f%/g"], ["a-b", "a/b", "ab", "b"]), "a delimiter that is not a slash")


@check("list.delimiter-pages")
def _():
    found = pages(small, Delimiter="/", MaxKeys=2)
    same([keys_of(p) + prefixes_of(p) for p in found], [["a-b", "a/"], ["ab", "b"], ["c d/"]])


@check("list.start-after")
def _():
    same(keys_of(s3.list_objects_v2(Bucket=small, StartAfter="a/b/2", MaxKeys=2)), ["a/b/3", "a/c/4"])
    same(keys_of(s3.list_objects_v2(Bucket=small, StartAfter="a/b/20")), ["a/b/3", "a/c/4", "ab", "b", "c d/e+f%/g"])


@check("list.max-keys")
def _():
    page = s3.list_objects_v2(Bucket=small, MaxKeys=3)
    same((keys_of(page), page["IsTruncated"]), (["a-b", "a/1", "a/b/2"], True))
    page = s3.list_objects_v2(Bucket=small, MaxKeys=0)
    same((page["KeyCount"], page["IsTruncated"]), (0, False), "max-keys=0")


@check("list.encoding-url")
def _():
    page = raw.list_objects_v2(Bucket=small, Prefix="c d/", EncodingType="url", Delimiter="%/")
    same(page.get("EncodingType"), "url", "EncodingType")
    holds(prefixes_of(page)[0] in ("c%20d/e%2Bf%25/", "c+d/e%2Bf%25/", "c%20d%2Fe%2Bf%25%2F", "c+d%2Fe%2Bf%25%2F"), f"prefixes {prefixes_of(page)}")
    same(keys_of(raw.list_objects_v2(Bucket=small, Prefix="c d/")), ["c d/e+f%/g"], "unasked, a key is as it is")


@check("list.utf8-order")
def _():
    bucket = fresh_bucket()
    keys = ["Z", "a", "a-b", "a/b", "ab", "a~", "\u00e9", "\u0665", "\u65e5", "\ufb00", "\uff5e", "\U0001f600"]
    fill(bucket, keys)
    same(keys_of(s3.list_objects_v2(Bucket=bucket)), sorted(keys, key=lambda k: k.encode()))


@check("list.v1")
def _():
    marker, found = "", []
    while True:
        page = s3.list_objects(Bucket=small, Marker=marker, MaxKeys=3)
        found += keys_of(page)
        if not page["IsTruncated"]:
            break
        marker = page.get("NextMarker") or found[-1]
    same(found, ["a-b", "a/1", "a/b/2", "a/b/3", "a/c/4", "ab", "b", "c d/e+f%/g"])
    page = s3.list_objects(Bucket=small, Delimiter="/", MaxKeys=2)
    same((keys_of(page), prefixes_of(page), page.get("NextMarker")), (["a-b"], ["a/"], "a/"))
