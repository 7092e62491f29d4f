/** What belongs to a function and is not in its text: the class that it extends, what was written onto it and onto its instances' prototype. */
import { isNative } from "../kind-of-object.ts";

/** By the name under which a part stands. */
export function besideCode(
  fn: Function,
  privates: Readonly<Record<string, unknown>>,
): [name: string, value: unknown][] {
  const base: unknown = Object.getPrototypeOf(fn);
  const isUsual = typeof base === "function" && isNative(base) && base.name === "";
  return [
    ...(typeof base === "function" && !isUsual ? [["extends", base] satisfies [string, unknown]] : []),
    ...(Object.keys(fn).length > 0 ? [["properties", { ...fn }] satisfies [string, unknown]] : []),
    ...(Object.keys(privates).length > 0 ? [["private", { ...privates }] satisfies [string, unknown]] : []),
    ...ofPrototype(fn),
  ];
}

/** Methods may have been put in place of those that the text of a class shows. */
function ofPrototype(fn: Function): [name: string, value: unknown][] {
  const own = Object.getOwnPropertyDescriptor(fn, "prototype")?.value as unknown;
  // generators have one without a constructor, which nobody writes to
  if (typeof own !== "object" || own === null || !Object.hasOwn(own, "constructor")) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(own))
    .filter(([name]) => name !== "constructor")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { value, get, set }]) =>
      get === undefined && set === undefined
        ? [[`prototype.${name}`, value] satisfies [string, unknown]]
        : [get, set].flatMap((each, at) =>
            each === undefined
              ? []
              : [[`prototype.${at === 0 ? "get" : "set"} ${name}`, each] satisfies [string, unknown]],
          ),
    );
}

/** Objects that engines and Node put among the globals: they are what they are, whatever a program does with them. */
const builtIn: ReadonlySet<string> = new Set(
  "Atomics Intl JSON Math Reflect WebAssembly console crypto global globalThis navigator performance process self".split(
    " ",
  ),
);

/** Whether a program itself has put this among the globals, as far as that can be told of what is no function. */
export function isOwnGlobal(name: string, value: unknown): boolean {
  return Object(value) !== value || !builtIn.has(name);
}

const varyingNatives: ReadonlySet<unknown> = new Set<unknown>([
  ...[Date, Date.now, Math.random, performance.now],
  ...[process.hrtime, process.uptime, process.cwd],
]);

/** Whether a function of the engine may give something else each time, under whatever name it is used. */
export function isVarying(fn: Function): boolean {
  return varyingNatives.has(fn);
}
