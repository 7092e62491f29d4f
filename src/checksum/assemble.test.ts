import fc from "fast-check";
import { expect, test } from "vitest";
import { assemble } from "./assemble.ts";
import type { WebAssemblyLike } from "./fold-engine.ts";

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };

function run(body: string, argument = 0): DataView {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(
    assemble({ parameters: { $n: "i32" }, locals: { $a: "i64", $b: "i32" }, body }),
  );
  const instance = new WebAssembly.Instance(module, { memory: { bytes: memory } });
  (instance.exports["run"] as (n: number) => void)(argument);
  return new DataView(memory.buffer);
}

test("numbers and offsets of every size arrive as they were written", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 65_528 }), (value, offset) => {
      const memory = run(`i32.const 0 i64.const ${value} i64.store offset=${offset}`);
      expect(memory.getBigInt64(offset, true)).toBe(BigInt(value));
    }),
  );
});

test("parameters, locals and loops are the ones named", () => {
  const sum = run(
    `loop
       i32.const 8  i32.const 8 i64.load offset=0 i64.const -1 i64.xor local.tee $a  i64.store offset=0
       local.get $b i32.const 1 i32.add local.tee $b
       local.get $n i32.lt_u  br_if 0
     end
     i32.const 0 local.get $a i64.store offset=0`,
    3,
  );
  expect(sum.getBigInt64(0, true)).toBe(-1n);
});

test.each(["i32.mul", "local.get $c", "i32.const", "i32.const x", "i64.load offset=1.5", "i64.load"])(
  "%s is refused, not guessed at",
  (body) => {
    expect(() => assemble({ parameters: {}, locals: {}, body })).toThrow(SyntaxError);
  },
);
