/** Backblaze B2's S3-compatible API: what it does not know in a header it refuses by name. */
import { isChecksumHeader } from "../body/checksums.ts";
import { S3Error, s3Error } from "../errors.ts";
import { taggingDocument } from "../object/tagging.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withMethods } from "../storage/with-methods.ts";
import type { Personality } from "./personality.ts";
import { ignoresChecksums } from "./without-checksums.ts";

const documentation = "https://www.backblaze.com/docs/cloud-storage-s3-compatible-api";

export const b2: Personality = {
  name: "b2",
  title: "Backblaze B2",
  as: "early 2025; some of its regions have since learned checksums",
  behaviours: [
    {
      id: "b2-refused-checksums",
      says: "A header of checksums is refused by name, on reads as on writes: 400 InvalidArgument.",
      source: ["stonith404/pingvin-share#798", "vatesfr/xen-orchestra#8358", "home-assistant/core#143995"],
      admits: (request) => refuseHeader(request, isChecksumHeader),
    },
    {
      id: "b2-no-checksums",
      says: "No checksum is kept or given back.",
      source: [documentation],
      answers: ignoresChecksums.answers,
    },
    {
      id: "b2-refused-tags",
      says: "`x-amz-tagging` is refused, even when it is empty: 400 InvalidArgument.",
      source: ["Intrinsec/s3proxy#34", documentation],
      admits: (request) => refuseHeader(request, (name) => name === "x-amz-tagging"),
    },
    {
      id: "b2-empty-tag-sets",
      says: "The tags of an object can be asked for, and there are never any.",
      source: ["stv0g/gose#42"],
      answers: (answer, operation) =>
        operation === "GetObjectTagging" ? { ...answer, body: taggingDocument(undefined) } : answer,
    },
    {
      id: "b2-no-conditional-writes",
      says: "`If-Match` and `If-None-Match` on a write are refused: 501 NotImplemented.",
      source: ["sathinduga/obsidian-s3-sync-and-backup#78"],
      admits: (request, operation) => {
        const isWrite = operation === "PutObject" || operation === "CompleteMultipartUpload";
        const condition = request.header("if-match") ?? request.header("if-none-match");
        if (isWrite && condition !== undefined) throw s3Error("NotImplemented");
        return request;
      },
    },
    {
      id: "b2-no-trailers",
      says: "A body with trailers is refused: 400 MalformedTrailerError.",
      source: ["benbjohnson/litestream#919"],
      arrives: (request) => {
        if (request.header("x-amz-content-sha256")?.endsWith("-TRAILER")) throw s3Error("MalformedTrailerError");
        return request;
      },
    },
    {
      id: "b2-kept-versions",
      says: "A bucket keeps versions from the beginning: DELETE hides an object, and its bytes stay until their version is deleted.",
      source: ["EnterpriseDB/barman#1197", "papra-hq/papra#1354"],
      stores: (storage) =>
        withMethods(storage, {
          createBucket: (record) => storage.createBucket({ ...record, versioning: "Enabled" }),
        }),
    },
    {
      id: "b2-short-errors",
      says: "An error document has a code and a message and nothing else.",
      source: ["iterate-ch/cyberduck#16107"],
      describes: (elements) => elements.slice(0, 2),
      sends: { server: "nginx" },
    },
  ],
};

function refuseHeader(request: IncomingRequest, isRefused: (name: string) => boolean): IncomingRequest {
  const name = request.headerNames().find(isRefused);
  if (name === undefined) return request;
  throw new S3Error("InvalidArgument", 400, `Unsupported header '${name}' received for this API call.`);
}
