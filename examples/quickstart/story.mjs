/** Tells what happened: a table of what went over the wire, a line in words for each step. */
import { stat } from "node:fs/promises";

/** @typedef {Extract<import("entrepot").DepotEvent, { type: "request" }>} WireRequest */

const bold = style(1, 22);
const dim = style(2, 22);
const green = style(32, 39);

export class Story {
  /** @type {WireRequest[]} */
  #requests = [];
  #steps = 0;

  /** To be given to every depot. @type {(event: import("entrepot").DepotEvent) => void} */
  onEvent = (event) => {
    if (event.type === "request") this.#requests.push(event);
  };

  /**
   * @param {readonly import("./data-sets.mjs").DataSet[]} dataSets
   * @param {import("./place.mjs").Place} place
   */
  async opening(dataSets, place) {
    const sizes = await Promise.all(dataSets.map(async ({ file }) => (await stat(file)).size));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    print(bold("\nentrepot: real public data through S3, the cache, offline and back\n"));
    for (const [index, { name, about }] of dataSets.entries())
      print(`  ${name.padEnd(24)} ${dim(about.padEnd(40))} ${size(sizes[index] ?? 0).padStart(8)}`);
    print(`  ${"".padEnd(24)} ${"".padEnd(40)} ${size(total).padStart(8)}\n`);
    print(`  server  ${place.server}`);
    print(`  cache   ${place.cacheFolder}\n`);
    print(dim(row("", "requests", "sent", "received", "on the wire", "in all")));
  }

  /**
   * Runs one step, then shows what it cost. A check that fails in it ends the story.
   *
   * @param {string} title
   * @param {(wire: { requests: () => number, received: () => number }) => Promise<string>} work gives the step in words
   */
  async step(title, work) {
    this.#steps += 1;
    this.#requests = [];
    const startedMs = performance.now();
    const requests = () => this.#requests.length;
    const received = () => sum(this.#requests.map((request) => request.receivedBytes));
    const words = await work({ requests, received });
    const allMs = performance.now() - startedMs;
    const sent = sum(this.#requests.map((request) => request.sentBytes));
    const wireMs = sum(this.#requests.map((request) => request.ms));
    const wire = requests() === 0 ? "none" : milliseconds(wireMs);
    const cells = [summary(this.#requests), size(sent), size(received()), wire, milliseconds(allMs)];
    print(bold(row(`${this.#steps} ${title}`, ...cells)));
    print(`  ${green("✓")} ${words}\n`);
  }

  /**
   * @param {readonly (readonly string[])[]} stocks rows of stocks.csv
   * @param {import("./place.mjs").Place} place
   */
  ending(stocks, place) {
    const apple = stocks.filter(([symbol]) => symbol === "AAPL").at(-1);
    print(`  And it is data, not only bytes: readCsv says that Apple stood at $${apple?.[2]} on ${apple?.[1]}.\n`);
    const other = place.isOurs
      ? ["npm run quickstart -- --bucket your-bucket", "all of the above, there; cleans up after itself"]
      : ["npm run quickstart", "all of the above, on a server of its own"];
    print(bold("Next, against a bucket of your own\n"));
    for (const [command = "", about = ""] of [
      ["npx entrepot doctor s3://your-bucket/", "which credentials, which region, does it answer"],
      ["npx entrepot ls -lh s3://your-bucket/", "settings as for the AWS CLI; --profile NAME for others"],
      ["npx entrepot ls --anonymous s3://noaa-ghcn-pds/", "public data needs no credentials"],
      other,
    ])
      print(`  ${command.padEnd(49)} ${dim(about)}`);
    print(`
  ${dim("// any-file.mjs")}
  import { entrepot } from "entrepot";
  const data = entrepot();                         ${dim('// or { profile: "name" }, { anonymous: true }, …')}
  console.log(await data.readText("s3://your-bucket/notes.txt"));
  await data.close();
`);
  }
}

/** E.g. `"6 GET 304"`, `"1 GET 304, 1 GET 200"`. @param {readonly WireRequest[]} requests */
function summary(requests) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { method, status } of requests) {
    const kind = `${method} ${status}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts.size === 0 ? "none" : [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}

/** @param {string} first @param {string[]} cells */
function row(first, ...cells) {
  const widths = [22, 11, 11, 13, 10];
  return `  ${first.padEnd(20)}${cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join("")}`;
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {number} ms */
function milliseconds(ms) {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {string} text */
function print(text) {
  console.log(text);
}

/** Colours where there is a terminal that shows them. @param {number} on @param {number} off */
function style(on, off) {
  const shown = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
  return (/** @type {string} */ text) => (shown ? `\u001b[${on}m${text}\u001b[${off}m` : text);
}
