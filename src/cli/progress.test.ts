import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { progressLine } from "./progress.ts";
import type { Sink } from "./sink.ts";

class Terminal extends EventEmitter {
  written = "";
  readonly columns: number;
  constructor(columns: number) {
    super();
    this.columns = columns;
  }
  write(text: string): boolean {
    this.written += text;
    return true;
  }
}

it("a terminal that does not know its columns is shown a whole line, a narrow one what it holds", () => {
  const progress = { uri: "s3://b/k", doneObjects: 1, totalObjects: 2, doneBytes: 3, totalBytes: 4 };
  const shown = (columns: number) => {
    const terminal = new Terminal(columns);
    progressLine(terminal as unknown as Sink, { now: () => 0 }).show(progress);
    return terminal.written;
  };
  expect(shown(0)).toContain("1 of 2 objects · 3 B of 4 B · s3://b/k");
  expect(shown(12)).toMatch(/1 of 2 obj…$/);
});
