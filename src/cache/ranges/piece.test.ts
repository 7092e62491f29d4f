/** The file of a piece: believed as a whole, or not at all. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ObjectInfo } from "../../store/index.ts";
import { entryId, rangeName } from "../layout.ts";
import { formatPiece, headLength, mostHeadBytes, parseHead, pieceBlockBytes } from "./piece.ts";

const { hash: entry, uri } = entryId(["s3"], "s3://b/", "k");
const info: ObjectInfo = { key: "k", sizeBytes: 200_000, modifiedMs: 1, etag: '"e"', versionId: undefined };
const fetchedMs = 5;
const bytes = new Uint8Array(2 * pieceBlockBytes);

function formatted(changes: Partial<ObjectInfo> = {}) {
  const piece = formatPiece({ entry, uri, info: { ...info, ...changes }, fetchedMs }, 1, bytes);
  if (piece === undefined) throw new Error("too long");
  return { ...piece, fileBytes: piece.head.byteLength + bytes.byteLength };
}

test("a head is read back as it was written, by the name that it was given", () => {
  const { name, head, fileBytes } = formatted({ metadata: { author: "Zoë" } });
  expect(name).toBe(rangeName(entry, info.etag, 1, 2));
  expect(headLength(head)).toBe(head.byteLength);
  expect(parseHead(head, name, fileBytes)).toMatchObject({
    entry,
    uri,
    first: 1,
    count: 2,
    fetchedMs,
    info: { key: "k", sizeBytes: 200_000, modifiedMs: 1, etag: '"e"', metadata: { author: "Zoë" } },
  });
});

test("no head with a wrong byte is believed", () => {
  const { name, head, fileBytes } = formatted();
  fc.assert(
    fc.property(fc.nat(head.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(head);
      damaged[at] = (damaged[at] ?? 0) ^ change;
      const length = headLength(damaged);
      expect(length === head.byteLength ? parseHead(damaged, name, fileBytes) : undefined).toBeUndefined();
    }),
  );
});

test("a head under another name, or of a file of another length, is not believed", () => {
  const { name, head, fileBytes } = formatted();
  const other = entryId(["s3"], "s3://b/", "other").hash;
  for (const wrong of [
    rangeName(other, info.etag, 1, 2),
    rangeName(entry, '"f"', 1, 2),
    rangeName(entry, info.etag, 0, 2),
    rangeName(entry, info.etag, 1, 1),
    "x",
  ]) {
    expect(parseHead(head, wrong, fileBytes)).toBeUndefined();
  }
  for (const length of [fileBytes - 1, fileBytes + 1]) expect(parseHead(head, name, length)).toBeUndefined();
});

test("a head is not believed that speaks of a weak version, or of blocks behind the end", () => {
  for (const changes of [{ etag: 'W/"e"' }, { sizeBytes: pieceBlockBytes }]) {
    const { name, head, fileBytes } = formatted(changes);
    expect(parseHead(head, name, fileBytes)).toBeUndefined();
  }
});

test("metadata without end is not kept", () => {
  const metadata = { long: "x".repeat(mostHeadBytes) };
  expect(formatPiece({ entry, uri, info: { ...info, metadata }, fetchedMs }, 1, bytes)).toBeUndefined();
});
