/** Requests as they are written down here, every header and no more, unsigned or signed by hand: against our server in this process, or another's. */
import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";
import { MemoryStorage, type PersonalityName, startServer } from "../../src/server/index.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** Of an error document. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A server that runs, and whose requests these are. */
interface Reached {
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const credentials = { accessKeyId: "test", secretAccessKey: "secret" };
const minPartBytes = 5 * 1024 * 1024;

export class RawClient {
  /** What `/b` in a path stands for. */
  readonly bucket: string;
  readonly #server: Reached;
  readonly #signsAll: boolean;
  readonly #close: () => Promise<void>;

  private constructor(server: Reached, bucket: string, signsAll: boolean, close: () => Promise<void>) {
    this.#server = server;
    this.bucket = bucket;
    this.#signsAll = signsAll;
    this.#close = close;
  }

  /** Our server with one bucket, in this process; unsigned requests are served. */
  static async start(personality?: PersonalityName): Promise<RawClient> {
    const settings = { storage: new MemoryStorage(), credentials: [credentials], anonymous: true, buckets: ["bucket"] };
    const server = await startServer({ ...settings, personality });
    return new RawClient({ port: server.port, ...credentials }, "bucket", false, server.close);
  }

  /** Another's server on this machine, with a new bucket: every request is signed. */
  static async at(server: Reached): Promise<RawClient> {
    const raw = new RawClient(server, `raw-${Date.now().toString(36)}`, true, async () => {});
    await raw.send("PUT", "/b");
    return raw;
  }

  close(): Promise<void> {
    return this.#close();
  }

  send(method: string, path: string, sent: Sent = {}): Promise<RawAnswer> {
    if (!this.#signsAll) return this.#send(method, path, sent);
    const { "x-amz-content-sha256": payloadHash = "UNSIGNED-PAYLOAD", ...headers } = sent.headers ?? {};
    return this.signed(method, path, { ...sent, headers, payloadHash });
  }

  #send(method: string, path: string, { headers = {}, body }: Sent): Promise<RawAnswer> {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: this.#server.port,
          method,
          path: this.#named(path),
          agent: false,
          headers: { ...length, ...headers },
        },
        async (answer) => {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk as Buffer);
          const text = Buffer.concat(chunks).toString();
          const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
          const told = answer.headers as Readonly<Record<string, string | undefined>>;
          resolve({
            status: answer.statusCode ?? 0,
            headers: told,
            text,
            code: field("Code"),
            message: field("Message")?.replaceAll("&quot;", '"'),
          });
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Signature Version 4 over all the headers given, host included. */
  signed(
    method: string,
    path: string,
    {
      region = "us-east-1",
      payloadHash = "UNSIGNED-PAYLOAD",
      ...sent
    }: Sent & { region?: string; payloadHash?: string },
  ): Promise<RawAnswer> {
    const [pathname = "", query = ""] = this.#named(path).split("?");
    const amzDate = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const date = amzDate.slice(0, 8);
    const own = { host: `127.0.0.1:${this.#server.port}`, "x-amz-content-sha256": payloadHash, "x-amz-date": amzDate };
    const headers: Readonly<Record<string, string>> = { ...own, ...sent.headers };
    const names = Object.keys(headers)
      .filter((name) => name !== "transfer-encoding")
      .sort();
    const pairs = query
      .split("&")
      .filter(Boolean)
      .map((pair) => (pair.includes("=") ? pair : `${pair}=`));
    const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
    const canonical = [method, pathname, pairs.sort().join("&"), lines, names.join(";"), payloadHash].join("\n");
    const scope = `${date}/${region}/s3/aws4_request`;
    const digest = createHash("sha256").update(canonical).digest("hex");
    const key = [date, region, "s3", "aws4_request"].reduce<string | Buffer>(
      (secret, text) => createHmac("sha256", secret).update(text).digest(),
      `AWS4${this.#server.secretAccessKey}`,
    );
    const toSign = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${digest}`;
    const signature = createHmac("sha256", key).update(toSign).digest("hex");
    const authorization = `AWS4-HMAC-SHA256 Credential=${this.#server.accessKeyId}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`;
    return this.#send(method, path, { ...sent, headers: { ...headers, authorization } });
  }

  /** Signature Version 2 in the header. */
  signedV2(method: string, path: string, sent: Sent, secret = this.#server.secretAccessKey): Promise<RawAnswer> {
    const headers = { ...sent.headers, "x-amz-date": new Date().toUTCString() };
    const own = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-"));
    const lines = own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}\n`);
    const type = sent.headers?.["content-type"] ?? "";
    const text = `${method}\n\n${type}\n\n${lines.join("")}${this.#named(path)}`;
    const authorization = `AWS ${this.#server.accessKeyId}:${createHmac("sha1", secret).update(text).digest("base64")}`;
    return this.#send(method, path, { ...sent, headers: { ...headers, authorization } });
  }

  /** Signature Version 2 in the URL. */
  presignedV2(method: string, path: string, expires: number): Promise<RawAnswer> {
    const text = `${method}\n\n\n${expires}\n${this.#named(path)}`;
    const signature = createHmac("sha1", this.#server.secretAccessKey).update(text).digest("base64");
    const query = { AWSAccessKeyId: this.#server.accessKeyId, Expires: String(expires), Signature: signature };
    return this.#send(method, `${path}?${new URLSearchParams(query)}`, {});
  }

  #named(path: string): string {
    return path.replace(/^\/b(?=[/?]|$)/, `/${this.bucket}`);
  }

  async etagOf(path: string): Promise<string> {
    return (await this.send("HEAD", path)).headers["etag"] ?? "";
  }

  /** Uploads `b/KEY` in parts of these lengths above the least; `order` is that of the completion. */
  async upload(
    key: string,
    extra: readonly number[],
    options: { order?: readonly number[] } & Sent = {},
  ): Promise<RawAnswer> {
    const begun = await this.send("POST", `/b/${key}?uploads`);
    const id = /<UploadId>([^<]*)</.exec(begun.text)?.[1];
    const etags: string[] = [];
    for (const [index, more] of extra.entries()) {
      const body = Buffer.alloc(minPartBytes + more, index + 65);
      const { headers } = await this.send("PUT", `/b/${key}?partNumber=${index + 1}&uploadId=${id}`, { body });
      etags.push(headers["etag"] ?? "");
    }
    const order = options.order ?? etags.map((_, index) => index + 1);
    const parts = order.map(
      (number) => `<Part><PartNumber>${number}</PartNumber><ETag>${etags[number - 1]}</ETag></Part>`,
    );
    const body = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    return this.send("POST", `/b/${key}?uploadId=${id}`, { body, headers: options.headers ?? {} });
  }
}

export function base64Md5(text: string): string {
  return createHash("md5").update(text).digest("base64");
}
