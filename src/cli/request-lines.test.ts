import { EventEmitter, once } from "node:events";
import { expect, it } from "vitest";
import { Output } from "./output.ts";
import { RequestLines } from "./request-lines.ts";
import { requestMessage } from "./serve-messages.ts";

class FakeStream extends EventEmitter {
  written = "";
  takes = true;
  write(chunk: string | Uint8Array): boolean {
    this.written += String(chunk);
    this.emit("written");
    return this.takes;
  }
}

const request = {
  ...{ method: "GET", operation: "GetObject", bucket: "b", key: "k", query: {}, range: undefined, headers: {} },
  ...{ accessKeyId: "test", status: 200, errorCode: undefined, bytesIn: 0, bytesOut: 1, startedMs: 0 },
};

function open() {
  const stdout = new FakeStream();
  const output = new Output({ stdout, stderr: new FakeStream(), json: true, quiet: false });
  return { stdout, lines: new RequestLines(output, requestMessage) };
}

/** The types of the lines so far, each with how many there are of it in a row. */
function typesIn(text: string): readonly (readonly [type: string, many: number])[] {
  const found: [string, number][] = [];
  for (const line of text.trimEnd().split("\n")) {
    const { type, requests } = JSON.parse(line);
    const last = found.at(-1);
    if (type === "request" && last !== undefined && last[0] === type) last[1] += 1;
    else found.push([type, requests ?? 1]);
  }
  return found;
}

it("each request is a line", async () => {
  const { stdout, lines } = open();
  const written = once(stdout, "written");
  for (let n = 0; n < 5; n += 1) lines.add(request);
  await written;
  expect(typesIn(stdout.written)).toEqual([["request", 5]]);
});

it("a reader who stops reading is told how many requests are missing, and gathers no more than ten thousand", async () => {
  const { stdout, lines } = open();
  stdout.takes = false;
  const first = once(stdout, "written");
  lines.add(request);
  await first;
  for (let n = 0; n < 25_000; n += 1) lines.add(request);
  expect(stdout.listenerCount("drain")).toBe(1);
  stdout.takes = true;
  stdout.emit("drain");
  const told = new Promise<void>((resolve) => {
    stdout.on("written", () => {
      if (stdout.written.includes("requests-missed")) resolve();
    });
  });
  await told;
  expect(typesIn(stdout.written)).toEqual([
    ["request", 10_001],
    ["requests-missed", 15_000],
  ]);
});

it("when the reader has left, further requests are no failure", async () => {
  const { stdout, lines } = open();
  stdout.emit("error", Object.assign(new Error("EPIPE"), { code: "EPIPE" }));
  lines.add(request);
  await new Promise(setImmediate);
  lines.add(request);
  await new Promise(setImmediate);
  expect(stdout.written).toBe("");
});
