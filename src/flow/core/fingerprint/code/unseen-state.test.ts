/** State that is not where the text of a function says: seen all the same, refused, or told. */
import { expect, onTestFinished, test } from "vitest";
import { fingerprint } from "../fingerprint.ts";
import { CodeReader } from "./code-reader.ts";

const reader = await CodeReader.open({ packageOf: (url) => (url.startsWith("node:") ? "node" : undefined) });
const read = (fn: Function) => reader.read(fn, { name: "total" });

/** The parts of a function that closes over `rate`, `rates` and `log`. */
function closing(text: string): readonly string[] {
  const make = new Function("rate", "rates", `"use strict"; return ${text}`);
  return [...read(make(1, [1]) as Function).parts.keys()];
}

test.each([
  [
    "a default of a parameter, though the body has a variable of that name",
    "(x = rate) => { var rate = 2; return x; }",
  ],
  ["a function in a default", "(x = () => rate) => { let rate = 2; return x() + rate; }"],
  ["what a switch asks about", "(x) => { switch (rate) { case 1: let rate = x; return rate; } }"],
  ["a default in a catch", "() => { try { x(); } catch ({ message = rate }) { let rate = message; return rate; } }"],
  ["what a loop goes through", "() => { for (const rate of [() => 1]) rate(); for (const k of [rate]) k; }"],
])("sees %s", (_, text) => {
  expect(closing(text)).toContain("rate");
});

test("sees no name that is one's own", () => {
  expect(closing("(rate) => { switch (1) { case 1: let x = rate; } for (const rate in rates) rate; }")).toEqual([
    "",
    "rates",
  ]);
});

test("sees objects that the program has put among the globals", () => {
  const globals = globalThis as unknown as { rateTable?: { rate: number } };
  onTestFinished(() => void delete globals.rateTable);
  const fn = new Function("return rateTable.rate");
  globals.rateTable = { rate: 1 };
  const before = read(fn).version;
  globals.rateTable.rate = 2;
  expect(read(fn).version).not.toBe(before);
});

test("sees methods that were put in place of those of a class, and private static fields", () => {
  const made = (by: number, rate: number) => {
    class Rate {
      static #rate = rate;
      scale() {
        return 1 + Rate.#rate;
      }
    }
    if (by > 0) Rate.prototype.scale = () => by;
    return read(() => new Rate().scale()).version;
  };
  expect(made(0, 1)).toBe(made(0, 1));
  expect(new Set([made(0, 1), made(1, 1), made(2, 1), made(0, 2)]).size).toBe(4);
});

test("tells what is another each time under whatever name", () => {
  const now = Date.now;
  const D = Date;
  const told = (fn: Function) => [...read(fn).varying.keys()];
  expect(told(() => now())).toEqual(["now()"]);
  expect(told(() => new D())).toEqual(["Date()"]);
  expect(told(new Function("const D = Date; return new D()"))).toEqual(["Date"]);
  expect(told(new Function("const { random } = Math; return random()"))).toEqual(["Math"]);
  expect(told(new Function("return globalThis.rate"))).toEqual(["globalThis"]);
  expect(told(new Function('return import("node:fs")'))).toEqual(["import()"]);
  expect(told(new Function("x", "return x instanceof Date ? Math.max(1, 2) : new Date(x)"))).toEqual([]);
});

test.each<[string, unknown]>([
  ["an array of bytes", Object.assign(new Uint8Array(3), { unit: "m" })],
  ["a view", Object.assign(new DataView(new ArrayBuffer(3)), { unit: "m" })],
  ["an address", Object.assign(new URL("http://a/"), { unit: "m" })],
  ["an object that hides it", Object.defineProperty({}, "unit", { value: "m" })],
])("refuses names on %s", (_, value) => {
  expect(() => fingerprint(value)).toThrow(/names of its own|hides its "unit"/);
});
