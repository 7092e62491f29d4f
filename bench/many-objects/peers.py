"""Peers that are Python libraries, each in the way that its documentation has it: peers.py NAME up|down|version LOCAL BUCKET KEY.

KEY ends in / for a folder with all that is in it, LOCAL then too; else it is one object."""
import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

ENDPOINT = os.environ.get("BENCH_ENDPOINT", "")
AT_ONCE = 32


def files_below(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


class Boto3:
    """A client for all threads, as its guide says, and a pool of them; large objects as s3transfer divides them."""

    package = "boto3"

    def __init__(self):
        import boto3
        from boto3.s3.transfer import TransferConfig
        from botocore.config import Config

        config = Config(s3={"addressing_style": "path"}, max_pool_connections=AT_ONCE)
        self.client = boto3.client(
            "s3", endpoint_url=ENDPOINT, region_name="us-east-1", aws_access_key_id="test",
            aws_secret_access_key="test", config=config)
        self.alone = TransferConfig(use_threads=False)

    def up(self, local, bucket, key):
        if not key.endswith("/"):
            return self.client.upload_file(local, bucket, key)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = [pool.submit(self.client.upload_file, str(path), bucket, key + str(path.relative_to(local)),
                                Config=self.alone) for path in files_below(local)]
            for each in done:
                each.result()

    def down(self, local, bucket, key):
        if not key.endswith("/"):
            return self.client.download_file(bucket, key, local)
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = []
            for page in pages:
                for entry in page.get("Contents", []):
                    path = Path(local) / entry["Key"][len(key):]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    done.append(pool.submit(self.client.download_file, bucket, entry["Key"], str(path),
                                            Config=self.alone))
            for each in done:
                each.result()


class S3fs:
    package = "s3fs"

    def __init__(self):
        import s3fs

        self.fs = s3fs.S3FileSystem(key="test", secret="test", client_kwargs={
            "endpoint_url": ENDPOINT, "region_name": "us-east-1"})

    def up(self, local, bucket, key):
        self.fs.put(local, f"{bucket}/{key}", recursive=key.endswith("/"))

    def down(self, local, bucket, key):
        self.fs.get(f"{bucket}/{key}", local, recursive=key.endswith("/"))


class Obstore:
    package = "obstore"

    def __init__(self):
        import obstore
        from obstore.store import S3Store

        self.obstore = obstore
        self.store = lambda bucket: S3Store(
            bucket, endpoint=ENDPOINT, region="us-east-1", access_key_id="test", secret_access_key="test",
            virtual_hosted_style_request=False, client_options={"allow_http": True})

    async def each(self, work, items):
        places = asyncio.Semaphore(AT_ONCE)

        async def one(item):
            async with places:
                await work(item)

        await asyncio.gather(*(one(item) for item in items))

    def up(self, local, bucket, key):
        store = self.store(bucket)
        if not key.endswith("/"):
            return self.obstore.put(store, key, Path(local))

        async def one(path):
            await self.obstore.put_async(store, key + str(path.relative_to(local)), path)

        asyncio.run(self.each(one, files_below(local)))

    def down(self, local, bucket, key):
        store = self.store(bucket)

        async def save(name, path):
            answer = await self.obstore.get_async(store, name)
            with open(path, "wb") as file:
                async for piece in answer.stream(min_chunk_size=1024 * 1024):
                    file.write(piece)

        async def one(meta):
            path = Path(local) / meta["path"][len(key):]
            path.parent.mkdir(parents=True, exist_ok=True)
            await save(meta["path"], path)

        if not key.endswith("/"):
            return asyncio.run(save(key, local))
        asyncio.run(self.each(one, [meta for page in self.obstore.list(store, key) for meta in page]))


peers = {"boto3": Boto3, "s3fs": S3fs, "obstore": Obstore}
name, what = sys.argv[1:3]
if what == "version":
    print(version(peers[name].package))
else:
    getattr(peers[name](), what)(*sys.argv[3:6])
    # obstore's own threads may still be at work when Python tidies up, which aborts the process.
    sys.stdout.flush()
    os._exit(0)
