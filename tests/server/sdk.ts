/**
 * The AWS SDK, an independent client with its defaults, against our server in this process: what it can do here, users of
 * any client can.
 */
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { MemoryStorage, type RunningS3Server, type S3ServerSettings, startServer } from "../../src/server/index.ts";

export const Bucket = "photos";

export class Sdk {
  readonly s3: S3Client;
  readonly #server: RunningS3Server;

  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;

  private constructor(server: RunningS3Server) {
    this.#server = server;
    this.endpoint = server.endpoint;
    this.s3 = this.as({ accessKeyId: "test", secretAccessKey: "secret" });
  }

  /** With the buckets `photos` and `empty`. */
  static async start(settings: Partial<S3ServerSettings> = {}): Promise<Sdk> {
    const credentials = [{ accessKeyId: "test", secretAccessKey: "secret" }];
    const defaults = { storage: new MemoryStorage(), credentials, buckets: [Bucket, "empty"] };
    return new Sdk(await startServer({ ...defaults, ...settings }));
  }

  as(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }): S3Client {
    const { endpoint } = this;
    return new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials, maxAttempts: 1 });
  }

  put(Key: string, Body: string | Uint8Array = "x"): Promise<PutObjectCommandOutput> {
    return this.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  inject(line: string): void {
    this.#server.inject(line);
  }

  async textOf(Key: string): Promise<string | undefined> {
    return await (await this.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  }

  async close(): Promise<void> {
    this.s3.destroy();
    await this.#server.close();
  }
}

/** What a refused call rejects with. */
export function refusal(status: number, name: string): object {
  return { name, $metadata: { httpStatusCode: status } };
}
