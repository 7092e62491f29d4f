/** Names survive every tool that a program goes through: they are read right, or refused aloud, and never wrong. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import swc from "@swc/wasm";
import * as esbuild from "esbuild";
import { rolldown } from "rolldown";
import { minify } from "terser";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { namesOfParsedForm } from "./parsed-form.ts";
import { loadParser } from "./parser.ts";
import { namesOfPlainForm } from "./plain-form.ts";
import { readNames } from "./read-names.ts";

const file = fileURLToPath(new URL("../../../../tests/flow/fixtures/forms/forms.mjs", import.meta.url));
const text = await readFile(file, "utf8");
const parser = await loadParser();

/** What each form asks for; `loud` is refused whatever the tool. */
const expected: Readonly<Record<string, readonly string[] | "loud">> = {
  ...Object.fromEntries(
    "arrow arrowBlock plain asynchronous asyncArrow generator asyncGenerator withDefault renamed nested emptyDefault member memberBlock withContext method namedExpression strings commented"
      .split(" ")
      .map((name) => [name, ["a", "b"]]),
  ),
  ...{ quoted: ["a-name", "b"], nothing: [], nothingPlain: [] },
  ...{ rest: "loud", whole: "loud", computed: "loud", bound: "loud", NoNode: "loud" },
};

const script = (target: ts.ScriptTarget) => (code: string) =>
  ts.transpileModule(code, { compilerOptions: { target, module: ts.ModuleKind.ESNext } }).outputText;
const build = (options: esbuild.TransformOptions) => (code: string) => esbuild.transformSync(code, options).code;
const bundled = async (options: esbuild.BuildOptions) => {
  const entry = `import * as forms from ${JSON.stringify(file)}; export { forms };`;
  const { outputFiles } = await esbuild.build({
    ...{ stdin: { contents: entry, resolveDir: "/" }, bundle: true, write: false, format: "esm" },
    ...options,
  });
  return outputFiles?.[0]?.text ?? "";
};
const swcCode = (options: swc.Options) => (code: string) => swc.transformSync(code, options).code;

/** Tools that keep what they are given modern, and those that compile for old targets. */
const modern: Readonly<Record<string, (code: string) => string | Promise<string>>> = {
  "nothing at all": (code) => code,
  "tsc es2022": script(ts.ScriptTarget.ES2022),
  "esbuild es2022": build({ target: "es2022" }),
  "esbuild es2022, keepNames": build({ target: "es2022", keepNames: true }),
  "esbuild minify": build({ minify: true }),
  "esbuild minify, keepNames": build({ minify: true, keepNames: true }),
  "esbuild bundle": () => bundled({}),
  "esbuild bundle, minify": () => bundled({ minify: true }),
  "esbuild es2018": build({ target: "es2018" }),
  "swc es2022": swcCode({ jsc: { target: "es2022" } }),
  "swc minify": swcCode({ jsc: { target: "es2022", minify: { compress: true, mangle: true } }, minify: true }),
  "terser, module": async (code) => (await minify(code, { module: true, toplevel: true })).code ?? "",
  "terser, unsafe": async (code) =>
    (await minify(code, { module: true, toplevel: true, compress: { passes: 3, unsafe: true } })).code ?? "",
  "rolldown minify": async () => {
    const bundle = await rolldown({ input: file });
    const { output } = await bundle.generate({ format: "esm", minify: true });
    await bundle.close();
    return output[0].code;
  },
};
const old: typeof modern = {
  "tsc es2017": script(ts.ScriptTarget.ES2017),
  "tsc es2015": script(ts.ScriptTarget.ES2015),
  "esbuild es2017": build({ target: "es2017" }),
  "esbuild es2016": build({ target: "es2016" }),
  "swc es2016": swcCode({ jsc: { target: "es2016" } }),
};

test.each(Object.entries(modern))("%s: every form is read as it was written", async (_tool, transform) => {
  expect(await namesAfter(transform)).toEqual(expected);
});

test.each(Object.entries(old))(
  "%s: what cannot be read is refused, and nothing is read wrong",
  async (_tool, transform) => {
    const found = await namesAfter(transform);
    const wrong = Object.entries(found).filter(
      ([name, names]) => names !== "loud" && String(names) !== String(expected[name]),
    );
    expect(wrong).toEqual([]);
    expect(found["plain"]).toEqual(["a", "b"]);
  },
);

async function namesAfter(transform: (code: string) => string | Promise<string>): Promise<Record<string, unknown>> {
  const code = await transform(text);
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const module = (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
  const forms = (module["forms"] ?? module) as Readonly<Record<string, (...args: never[]) => unknown>>;
  return Object.fromEntries(
    Object.keys(expected).map((name) => {
      try {
        return [name, readNames(forms[name] as never, parser).map((ask) => ask.name)];
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return [name, "loud"];
      }
    }),
  );
}

describe("the plain form", () => {
  const forms = [
    "({ a, b }) => a",
    "({a,b:c,})=>c",
    "async ({ a }) => a",
    "async({a})=>a",
    "function ({ a }) {}",
    "function* f ({ a }) {}",
    "async function* f({ a: b }) {}",
    "({}) => 1",
    "() => 1",
    "function f() { return 1 }",
    "({ a }, { signal }) => a",
    "({ a }, ...rest) => a",
    "({ a : b , c\n, $d, _e: f }) => b",
    "({ a,\n  b: c,\n}) => '({ x })'",
    "async function\nf\n(\n{ a }) {}",
    "m({ a }) {}",
    "async({ a }) {}",
    "get({ a }) {}",
    "async m({ a }) {}",
    "async *m({ a }) {}",
    "*m({ a }) {}",
    "m() { return '{ a }' }",
  ];
  test.each(forms)("%s is read as the parser reads it", (form) => {
    const fn = () => 1;
    expect(namesOfPlainForm(form)).toEqual(namesOfParsedForm(parser(form, fn), fn, 0));
  });

  const others = [
    "({ a = 1 }) => a",
    "({ a } = {}) => a",
    "({ ...a }) => a",
    "({ [a]: b }) => b",
    "({ 'a': b }) => b",
    "({ a: { b } }) => b",
    "({ /* b */ a }) => a",
    "(deps) => deps.a",
    "deps => deps.a",
    "function f() { return g(this, arguments) }",
    "class { constructor({ a }) {} }",
    "({ é }) => é",
    "({ \\u0061 }) => 1",
    "({ a // b\n}) => a",
    "({ a } /* b */) => a",
    "/* ( */ ({ a }) => a",
    "({ a: b = '}' }) => a",
    "({ a: [b], c }) => b",
    "({ 1: a }) => a",
    "([a]) => a",
    "(a, { b }) => b",
    "get x() { return 1 }",
    "set x({ a }) {}",
    "['x']({ a }) {}",
    "'x'({ a }) {}",
  ];
  test.each(others)("%s is left to the parser", (form) => expect(namesOfPlainForm(form)).toBeUndefined());
});
