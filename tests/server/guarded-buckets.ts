/**
 * A server with a root, the user alice and two buckets: who may do what there is what a test puts into the policy of the
 * first.
 */
import { DeleteBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { type Fault, MemoryStorage, type RunningS3Server, startServer } from "../../src/server/index.ts";

export const Bucket = "photos";
export const bucketArn: string = `arn:aws:s3:::${Bucket}`;
export const objects: string = `${bucketArn}/*`;
export const account = "123456789012";
export const alice: Rule = { AWS: `arn:aws:iam::${account}:user/alice` };

/** A statement, or a part of one. */
export type Rule = Readonly<Record<string, unknown>>;

type Names = string | readonly string[];

/** Lets everyone, unless `more` names a principal. */
export function allow(Action: Names, Resource: Names, more: Rule = {}): Rule {
  return { Effect: "Allow", Principal: "*", Action, Resource, ...more };
}

export function deny(Action: Names, Resource: Names, more: Rule = {}): Rule {
  return { ...allow(Action, Resource, more), Effect: "Deny" };
}

export class GuardedBuckets {
  readonly root: S3Client;
  readonly user: S3Client;
  readonly failures: readonly unknown[];
  readonly #server: RunningS3Server;

  private constructor(server: RunningS3Server, failures: readonly unknown[]) {
    this.#server = server;
    this.failures = failures;
    this.root = this.#as("root");
    this.user = this.#as("alice");
  }

  /** With the buckets `photos` and `other`. */
  static async start(): Promise<GuardedBuckets> {
    const failures: unknown[] = [];
    const server = await startServer({
      storage: new MemoryStorage(),
      credentials: [
        { accessKeyId: "root", secretAccessKey: "secret" },
        { accessKeyId: "alice", secretAccessKey: "secret", user: "alice" },
      ],
      buckets: [Bucket, "other"],
      onInternalError: (error) => failures.push(error),
    });
    return new GuardedBuckets(server, failures);
  }

  #as(accessKeyId: string): S3Client {
    return new S3Client({
      endpoint: this.#server.endpoint,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey: "secret" },
      maxAttempts: 1,
    });
  }

  async policy(...Statement: readonly Rule[]): Promise<void> {
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    await this.root.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  }

  async noPolicy(): Promise<void> {
    await this.root.send(new DeleteBucketPolicyCommand({ Bucket }));
  }

  inject(...faults: readonly Fault[]): void {
    this.#server.inject(...faults);
  }

  /** Without a signature. */
  async anonymous(path: string, init: RequestInit = {}): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${this.#server.endpoint}/${path}`, init);
    return { status: answer.status, text: await answer.text() };
  }

  async close(): Promise<void> {
    this.root.destroy();
    this.user.destroy();
    await this.#server.close();
  }
}
