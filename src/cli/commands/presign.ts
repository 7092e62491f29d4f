/** `entrepot presign`: a URL that works for anyone who has it, until it ends. Nothing is sent. */
import { parseDuration } from "../../depot/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { forEachObject } from "../object-operands.ts";
import { choice, parsed } from "../option.ts";

export const presign: Command = defineCommand({
  name: "presign",
  summary: "a URL for those without credentials",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    expires: parsed("TIME", "how long it works, e.g. 15m (default 1h, at most 7d)", parseDuration),
    method: choice(["GET", "PUT"], "to read (default) or to write"),
  },
  notes: ["Whoever has the URL has the object: give it a short life and keep it out of logs."],
  examples: [
    { line: "entrepot presign s3://my-bucket/data.csv", says: "for one hour" },
    { line: "entrepot presign --expires 15m --method PUT s3://my-bucket/upload.csv", says: "to let someone write" },
  ],
  async run(call, values, operands) {
    const depot = await call.depot();
    await forEachObject(call, operands, async (address) => {
      const url = await depot.presign(address, { expiresIn: values.expires, method: values.method });
      await call.output.tell({
        text: () => url,
        json: () => ({ type: "presigned", uri: depot.resolve(address), url }),
      });
    });
  },
});
