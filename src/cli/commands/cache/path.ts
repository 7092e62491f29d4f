/** `entrepot cache path`: the folder itself, or where the copy of an object lies. Fetches nothing. */
import { EntrepotError } from "../../../error/index.ts";
import { type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";

export const path: Command = defineCommand({
  name: "cache path",
  summary: "where the copies lie, or that of an object",
  synopsis: "[options] [<address>...]",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options: {},
  notes: [
    "Asks nobody and fetches nothing: an object without a copy is an error (exit code 5). entrepot path fetches it, and asks whether it is still the version.",
  ],
  examples: [
    { line: "entrepot cache path", says: "the folder itself" },
    { line: 'du -sh "$(entrepot cache path)"', says: "for any tool" },
    { line: "entrepot cache path s3://my-bucket/data.csv", says: "the copy of one object" },
  ],
  async run(call, _, addresses) {
    const depot = await call.depot();
    const { dir } = depot.cache;
    if (addresses.length === 0)
      return call.output.tell({ text: () => printable(dir), json: () => ({ type: "path", path: dir }) });
    await forEachOperand(call, addresses, async (address) => {
      const { uri, entry, nextRead } = await depot.cache.explain(address);
      if (entry === undefined) throw noCopy(uri, nextRead);
      const { path: file, etag } = entry;
      await call.output.tell({ text: () => printable(file), json: () => ({ type: "path", uri, path: file, etag }) });
    });
  },
});

function noCopy(uri: string, nextRead: string): EntrepotError {
  const hint = /^(?:file|memory):/.test(uri) ? nextRead : `entrepot path ${uri} makes one`;
  return new EntrepotError("not-cached", `there is no local copy of ${uri}`, { uri, hint });
}
