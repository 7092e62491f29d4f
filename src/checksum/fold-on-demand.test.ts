import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { afterEach, describe, expect, test, vi } from "vitest";
import { bitwiseCrc, noise } from "./bitwise.fixture.ts";
import type { WebAssemblyLike } from "./fold-engine.ts";

const real = (globalThis as unknown as { readonly WebAssembly: WebAssemblyLike }).WebAssembly;
const mebibyte = noise(1_048_576);
const piece = noise(5000, 2);
const [expected32c, expected64] = [Number(bitwiseCrc("CRC32C", piece)), bitwiseCrc("CRC64NVME", piece)];

afterEach(() => vi.unstubAllGlobals());

/** The room as a process has it that starts with this engine. */
async function roomWith(engine: WebAssemblyLike | undefined) {
  vi.stubGlobal("WebAssembly", engine);
  vi.resetModules();
  return await import("./index.ts");
}

function counting() {
  const made: string[] = [];
  class Module extends real.Module {
    constructor(bytes: Uint8Array<ArrayBuffer>) {
      super(bytes);
      made.push("module");
    }
  }
  return { made, engine: { ...members(), Module } };
}

function members(): WebAssemblyLike {
  return { Memory: real.Memory, Module: real.Module, Instance: real.Instance };
}

describe.each<[string, WebAssemblyLike | undefined]>([
  ["without WebAssembly", undefined],
  [
    "where compiling is forbidden",
    {
      ...members(),
      Module: class {
        constructor() {
          throw new Error("Wasm code generation disallowed by embedder");
        }
      },
    },
  ],
  [
    "where there is no address space",
    {
      ...members(),
      Memory: class {
        readonly buffer = new ArrayBuffer(0);
        constructor() {
          throw new RangeError("could not allocate memory");
        }
      },
    },
  ],
  ["with WebAssembly", members()],
])("%s", (_, engine) => {
  test("the sums are the same, before and after much has been summed", async () => {
    const room = await roomWith(engine);
    for (let round = 0; round < 2; round += 1) {
      expect(room.crc32c(piece)).toBe(expected32c);
      expect(room.crc64nvme(piece)).toBe(expected64);
      room.crc32c(mebibyte);
      room.crc64nvme(mebibyte);
    }
  });
});

test("a module is made once, and only where a mebibyte repays it", async () => {
  const { made, engine } = counting();
  const room = await roomWith(engine);
  room.crc64nvme(mebibyte.subarray(1));
  expect(made).toEqual([]);
  for (let n = 0; n < 5; n += 1) room.crc64nvme(piece);
  expect(made).toEqual(["module"]);
  for (let n = 0; n < 5; n += 1) room.crc32c(mebibyte);
  expect(made).toEqual(["module", "module"]);
});

test("what failed once is not tried again", async () => {
  let tries = 0;
  const room = await roomWith({
    ...members(),
    Module: class {
      constructor() {
        tries += 1;
        throw new Error("no");
      }
    },
  });
  for (let n = 0; n < 3; n += 1) room.crc32c(mebibyte);
  expect(tries).toBe(1);
});

test("node --jitless, which has no WebAssembly, sums the same", async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("./index.ts", import.meta.url)),
    platform: "node",
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "esm" });
  const program = `${output[0].code}
    const piece = Buffer.from(process.argv[1], "base64");
    for (let n = 0; n < 3; n += 1) crc64nvme(new Uint8Array(600_000)), crc32c(new Uint8Array(600_000));
    console.log(typeof WebAssembly, crc32c(piece), String(crc64nvme(piece)));`;
  const args = ["--jitless", "--input-type=module", "--eval", program, Buffer.from(piece).toString("base64")];
  const stdout = execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  expect(stdout.trim()).toBe(`undefined ${expected32c} ${expected64}`);
});
