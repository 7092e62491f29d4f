/** A server that is killed in the midst of writing versions: everything that it has acknowledged is there when it comes back. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BuiltCommand, ended } from "./spawn-command.ts";

let command: BuiltCommand;
let folder = "";
beforeAll(async () => {
  command = await BuiltCommand.build();
  folder = await mkdtemp(path.join(tmpdir(), "entrepot-killed-"));
}, 60_000);
afterAll(async () => {
  await command.close();
  await rm(folder, { recursive: true });
});

/** One version: its name, `?` while nobody knows it, and its text, undefined for a delete marker. */
interface Version {
  readonly id: string;
  readonly text: string | undefined;
}

/** What one writer knows of its key, newest first. */
interface Ledger {
  readonly bucket: "kept" | "suspended";
  readonly key: string;
  acknowledged: readonly Version[];
  /** What there is when the change under way has come through, too. */
  possible: readonly Version[];
}

const ledgers: readonly Ledger[] = ["a", "b", "c", "d"].map((key, n) => ({
  bucket: n === 3 ? "suspended" : "kept",
  key,
  acknowledged: [],
  possible: [],
}));

it("four kills at random moments lose nothing that was acknowledged, and bring nothing back", async () => {
  let changes = 0;
  for (let kill = 0; kill < 4; kill += 1) {
    const server = await start();
    for (const ledger of ledgers) await settle(server.s3, ledger, `before kill ${kill}`);
    let left = 10 + Math.floor(Math.random() * 40);
    const writers = ledgers.map(async (ledger) => {
      while (left > 0) {
        await change(server.s3, ledger);
        changes += 1;
        left -= 1;
        if (left === 0) server.child.kill("SIGKILL");
      }
    });
    const outcomes = await Promise.allSettled(writers);
    expect((await server.end).code).toBe("SIGKILL");
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    server.s3.destroy();
  }
  const server = await start();
  for (const ledger of ledgers) await settle(server.s3, ledger, "at the end");
  server.child.kill("SIGINT");
  expect((await server.end).code).toBe(0);
  server.s3.destroy();
  expect(changes).toBeGreaterThanOrEqual(40);
}, 120_000);

async function start() {
  const child = command.start(["serve", "--dir", folder, "--port", "0", "--bucket", "kept,suspended", "--json"]);
  const end = ended(child);
  const [first] = await once(child.stdout, "data");
  const { endpoint } = JSON.parse(String(first).split("\n")[0] ?? "");
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true, maxAttempts: 1 });
  for (const [Bucket, Status] of [
    ["kept", "Enabled"],
    ["suspended", "Suspended"],
  ] as const) {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  }
  return { child, end, s3 };
}

let written = 0;

/** One change of a random kind, in the ledger as possible before it is sent, as acknowledged when it is answered. */
async function change(s3: S3Client, ledger: Ledger): Promise<void> {
  const { bucket: Bucket, key: Key, acknowledged } = ledger;
  const older = acknowledged[Math.floor(Math.random() * acknowledged.length)];
  const chance = Math.random();
  if (older !== undefined && chance < 0.25) {
    ledger.possible = acknowledged.filter((version) => version !== older);
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId: older.id }));
    ledger.acknowledged = ledger.possible;
    return;
  }
  written += 1;
  const text = chance < 0.4 ? undefined : `${written} `.repeat(1 + Math.floor(Math.random() * 50_000));
  const rest = Bucket === "kept" ? acknowledged : acknowledged.filter(({ id }) => id !== "null");
  ledger.possible = [{ id: Bucket === "kept" ? "?" : "null", text }, ...rest];
  const id = await writeVersion(s3, { Bucket, Key }, text, chance > 0.85);
  ledger.acknowledged = [{ id: Bucket === "kept" ? (id ?? "none") : "null", text }, ...rest];
}

async function writeVersion(
  s3: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  text: string | undefined,
  inParts: boolean,
): Promise<string | undefined> {
  if (text === undefined) return (await s3.send(new DeleteObjectCommand(target))).VersionId;
  if (!inParts) return (await s3.send(new PutObjectCommand({ ...target, Body: text }))).VersionId;
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: text }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  return (await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }))).VersionId;
}

/** Holds what the server has against the ledger, and goes on from there. */
async function settle(s3: S3Client, ledger: Ledger, when: string): Promise<void> {
  const found = await versionsOf(s3, ledger);
  const texts = (versions: readonly Version[]) => versions.map(({ text }) => text?.slice(0, 20));
  const fits = [ledger.acknowledged, ledger.possible].some(
    (versions) =>
      versions.length === found.length &&
      versions.every(({ id, text }, i) => found[i]?.text === text && (id === "?" || found[i]?.id === id)),
  );
  if (!fits) expect(texts(found), `${ledger.key} ${when}`).toEqual(texts(ledger.acknowledged));
  expect(fits, `names of ${ledger.key} ${when}`).toBe(true);
  ledger.acknowledged = found;
  ledger.possible = found;
}

/** Newest first; told by the dates and the order of the answer, in which versions and markers stand apart. */
async function versionsOf(s3: S3Client, { bucket: Bucket, key: Key }: Ledger): Promise<readonly Version[]> {
  const found: Version[] = [];
  let at: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  // One at a time: so they come in order.
  while (at !== undefined) {
    const page: Awaited<ReturnType<typeof listOne>> = await listOne(s3, Bucket, Key, at);
    for (const { VersionId: id = "" } of page.DeleteMarkers ?? []) found.push({ id, text: undefined });
    for (const { VersionId: id = "" } of page.Versions ?? []) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId: id }));
      found.push({ id, text: await Body?.transformToString() });
    }
    at =
      page.IsTruncated === true
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
  }
  return found;
}

function listOne(s3: S3Client, Bucket: string, Prefix: string, at: object) {
  return s3.send(new ListObjectVersionsCommand({ Bucket, Prefix, MaxKeys: 1, ...at }));
}
