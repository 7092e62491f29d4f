import { expect } from "vitest";
import { base64Md5 } from "../raw.ts";
import { crc32, elementsOf, type Probe, put, refused, trailed, trailerHeaders } from "./asked.ts";

export const b2: Readonly<Record<string, Probe>> = {
  "b2-refused-checksums": async (raw) => {
    const says = (name: string) => `Unsupported header '${name}' received for this API call.`;
    const [kept, mode] = ["x-amz-checksum-crc32", "x-amz-checksum-mode"];
    refused(await put(raw, "a", { [kept]: crc32 }), 400, "InvalidArgument", says(kept));
    refused(await raw.send("GET", "/b/a", { headers: { [mode]: "ENABLED" } }), 400, "InvalidArgument", says(mode));
  },
  "b2-no-checksums": async (raw) => {
    const names = Object.keys((await put(raw, "a")).headers);
    expect(names.filter((name) => name.startsWith("x-amz-checksum"))).toEqual([]);
    expect((await raw.send("GET", "/b?list-type=2")).text).not.toContain("Checksum");
  },
  "b2-refused-tags": async (raw) => {
    const message = "Unsupported header 'x-amz-tagging' received for this API call.";
    refused(await put(raw, "a", { "x-amz-tagging": "" }), 400, "InvalidArgument", message);
  },
  "b2-empty-tag-sets": async (raw) => {
    await put(raw, "a");
    const body = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>";
    await raw.signed("PUT", "/b/a?tagging", { body, headers: { "content-md5": base64Md5(body) } });
    expect((await raw.send("GET", "/b/a?tagging")).text).toContain("<TagSet></TagSet>");
  },
  "b2-no-conditional-writes": async (raw) => {
    const message = "A header you provided implies functionality that is not implemented";
    refused(await put(raw, "a", { "if-none-match": "*" }), 501, "NotImplemented", message);
    refused(await put(raw, "a", { "if-match": '"0"' }), 501, "NotImplemented", message);
  },
  "b2-no-trailers": async (raw) => {
    refused(await put(raw, "a", trailerHeaders, trailed), 400, "MalformedTrailerError");
  },
  "b2-kept-versions": async (raw) => {
    await put(raw, "a");
    const deleted = await raw.send("DELETE", "/b/a");
    expect([deleted.status, deleted.headers["x-amz-delete-marker"]]).toEqual([204, "true"]);
    const { text } = await raw.signed("GET", "/b?versions", {});
    expect([text.match(/<Version>/g)?.length, text.match(/<DeleteMarker>/g)?.length]).toEqual([1, 1]);
  },
  "b2-short-errors": async (raw) => {
    expect(elementsOf(await raw.send("GET", "/b/none"))).toEqual(["Code", "Message"]);
  },
};
