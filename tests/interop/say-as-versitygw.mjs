// Loaded into `entrepot serve` for the suite alone: error messages go out as versitygw words them (wordings.json), so that
// a full stop that AWS does not send keeps no case from judging status, code and all the rest. Nothing else is changed.
import { readFileSync } from "node:fs";
import { ServerResponse } from "node:http";

/** @type {{ ours?: string, like?: string, theirs: string }[]} */
const wordings = JSON.parse(readFileSync(new URL("wordings.json", import.meta.url), "utf8"));
const entities = (/** @type {string} */ text) =>
  text.replace(/[&<>]/g, (one) => `&${{ "&": "amp", "<": "lt" }[one] ?? "gt"};`);
const exact = new Map(
  wordings.flatMap(({ ours, theirs }) => (ours === undefined ? [] : [[entities(ours), entities(theirs)]])),
);
const like = wordings.flatMap(({ like, theirs }) =>
  like === undefined ? [] : [{ pattern: new RegExp(`^${like}$`), theirs }],
);

const reworded = (/** @type {string} */ message) => {
  const same = exact.get(message);
  if (same !== undefined) return same;
  const one = like.find(({ pattern }) => pattern.test(message));
  if (one === undefined) return message;
  const found = one.pattern.exec(message) ?? [];
  return one.theirs.replace(/\$(\d)/g, (_, n) => (found[n] === "null" ? "null" : (found[n] ?? "").toUpperCase()));
};

const { writeHead, end } = ServerResponse.prototype;
/** Heads that wait for their body: only an error in XML can change its length. @type {WeakMap<ServerResponse, any[]>} */
const waiting = new WeakMap();

Object.assign(ServerResponse.prototype, {
  writeHead(/** @type {any[]} */ ...args) {
    const [status, headers] = args;
    const type = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "content-type")?.[1];
    // CompleteMultipartUpload and CopyObject may say an error with 200
    if (type !== "application/xml" || status === 304) return writeHead.apply(this, /** @type {any} */ (args));
    waiting.set(/** @type {any} */ (this), args);
    return this;
  },
  end(/** @type {any[]} */ ...args) {
    const head = waiting.get(this);
    if (head === undefined) return end.apply(this, /** @type {any} */ (args));
    waiting.delete(this);
    const [status, headers] = head;
    const sent = args[0] === undefined ? "" : Buffer.from(args[0]).toString();
    const said = sent.replace(
      /<Message>([^<]*)<\/Message>/g,
      (_, message) => `<Message>${reworded(message)}</Message>`,
    );
    const lengthened = Object.fromEntries(
      Object.entries(headers).map(([name, value]) =>
        name.toLowerCase() === "content-length" && said !== ""
          ? [name, String(Buffer.byteLength(said))]
          : [name, value],
      ),
    );
    writeHead.call(this, status, lengthened);
    return said === "" ? end.call(this) : end.call(this, Buffer.from(said));
  },
});
