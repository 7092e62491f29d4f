import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { Output, ReaderGone } from "./output.ts";

class FakeStream extends EventEmitter {
  written = "";
  takes = true;
  isTTY = false;
  columns: number | undefined = undefined;
  write(chunk: string | Uint8Array): boolean {
    this.written += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    return this.takes;
  }
}
const said = (value: string) => ({ text: () => value, json: () => ({ type: "x", value }) });
function open(options: { json?: boolean; quiet?: boolean; terminal?: boolean } = {}) {
  const stdout = new FakeStream();
  const stderr = new FakeStream();
  stderr.isTTY = options.terminal === true;
  const output = new Output({ stdout, stderr, json: options.json === true, quiet: options.quiet === true });
  return { stdout, stderr, output };
}

it("results go to standard output, everything else to standard error", async () => {
  const { output, stdout, stderr } = open();
  await output.tell(said("result"));
  output.say(said("warning"));
  await output.flush();
  expect([stdout.written, stderr.written]).toEqual(["result\n", "warning\n"]);
});

it("as JSON each message is one line", async () => {
  const { output, stdout } = open({ json: true });
  await output.tell(said("a\nb"));
  await output.flush();
  expect(stdout.written).toBe('{"type":"x","value":"a\\nb"}\n');
});

it("text and bytes keep their order", async () => {
  const { output, stdout } = open();
  await output.write("a");
  await output.writeBytes(new TextEncoder().encode("b"));
  await output.write("c");
  await output.flush();
  expect(stdout.written).toBe("abc");
});

it("a slow reader holds the writer back", async () => {
  const { output, stdout } = open();
  stdout.takes = false;
  let done = false;
  const writing = output.writeBytes(new Uint8Array(1)).then(() => {
    done = true;
  });
  await new Promise(setImmediate);
  expect(done).toBe(false);
  stdout.emit("drain");
  await writing;
  expect(stdout.listenerCount("drain")).toBe(0);
});

it("a reader that leaves ends the writer, even one that waits", async () => {
  const { output, stdout } = open();
  stdout.takes = false;
  const writing = output.writeBytes(new Uint8Array(1));
  stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  await expect(writing).rejects.toBeInstanceOf(ReaderGone);
  expect(output.closed.reason).toBeInstanceOf(ReaderGone);
});

it("a full disk behind standard output is a failure, not a reader that left", async () => {
  const { output, stdout } = open();
  stdout.emit("error", Object.assign(new Error("write ENOSPC"), { code: "ENOSPC" }));
  await expect(output.write("x")).rejects.toThrow("ENOSPC");
});

const progress = { uri: "s3://b/\u001bk", doneObjects: 1, totalObjects: 2, doneBytes: 1500, totalBytes: 3000 };

it.each([
  ["nowhere but on a terminal", {}],
  ["not in JSON", { terminal: true, json: true }],
  ["not when asked to be quiet", { terminal: true, quiet: true }],
])("progress is shown %s", (_, options) => {
  expect(open(options).output.onProgress).toBeUndefined();
});

it("progress is one line that makes way for a result", async () => {
  const { output, stderr } = open({ terminal: true });
  output.onProgress?.(progress);
  expect(stderr.written).toBe("\r\u001b[2K1 of 2 objects · 1.5 kB of 3.0 kB · s3://b/\\x1bk");
  await output.tell(said("result"));
  await output.flush();
  expect(stderr.written.endsWith("\r\u001b[2K")).toBe(true);
});

it("lines that nobody waits for come in their order, in few writes, and fail nobody when the reader has gone", async () => {
  const { output, stdout } = open();
  let writes = 0;
  const write = stdout.write.bind(stdout);
  stdout.write = (chunk) => {
    writes++;
    return write(chunk);
  };
  for (let line = 0; line < 1_000; line++) output.tellLater(said(String(line)));
  await output.write("end\n");
  await output.flush();
  expect(stdout.written).toBe(`${Array.from({ length: 1_000 }, (_, line) => `${line}\n`).join("")}end\n`);
  expect(writes).toBe(1);
  stdout.emit("error", Object.assign(new Error("gone"), { code: "EPIPE" }));
  expect(() => output.tellLater(said("late"))).not.toThrow();
});

it("a terminal that does not know its width has 80 columns", () => {
  const { output, stdout } = open();
  stdout.isTTY = true;
  const widths = [undefined, 0, 120].map((columns) => {
    stdout.columns = columns;
    return output.width;
  });
  expect(widths).toEqual([80, 80, 120]);
});
