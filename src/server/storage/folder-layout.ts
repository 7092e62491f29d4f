/** Where things lie below the folder of a server. The names of buckets are file names already; keys never are. */
import { createHash } from "node:crypto";
import { join } from "node:path";

export class FolderLayout {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get buckets(): string {
    return join(this.root, "buckets");
  }

  bucket(name: string): string {
    return join(this.buckets, name);
  }

  bucketRecord(name: string): string {
    return join(this.bucket(name), "bucket.json");
  }

  objects(bucket: string): string {
    return join(this.bucket(bucket), "objects");
  }

  /** The version `null` lies where objects lay before there were versions. `versionId` is of the server's own making. */
  versionRecord(bucket: string, key: string, versionId: string | undefined): string {
    const hash = createHash("sha256").update(key).digest("hex");
    const name = versionId === undefined ? hash : `${hash}-${versionId}`;
    return join(this.objects(bucket), hash.slice(0, 2), `${name}.json`);
  }

  uploads(bucket: string): string {
    return join(this.bucket(bucket), "uploads");
  }

  /** `id` is of the server's own making: hexadecimal. */
  upload(bucket: string, id: string): string {
    return join(this.uploads(bucket), id);
  }

  uploadRecord(bucket: string, id: string): string {
    return join(this.upload(bucket, id), "upload.json");
  }

  partRecord(bucket: string, id: string, number: number): string {
    return join(this.upload(bucket, id), `part-${number}.json`);
  }

  get blobs(): string {
    return join(this.root, "blobs");
  }

  blobFolder(id: string): string {
    return join(this.blobs, id.slice(0, 2));
  }

  blob(id: string): string {
    return join(this.blobFolder(id), id);
  }
}
