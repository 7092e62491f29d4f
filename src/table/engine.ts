/**
 * polars, the one engine of tables: an optional package that is loaded when a table is first read or written. What it throws is
 * said again here as a typed error.
 */
// biome-ignore-all lint/suspicious/noTsIgnore: an expected error would be one where the package is installed
import { EntrepotError } from "../error/index.ts";
import { inOurWords } from "./engine-words.ts";

/** @ts-ignore The package may be missing where only other doors are used. */
export type Polars = typeof import("nodejs-polars")["default"];
/** @ts-ignore The package may be missing where only other doors are used. */
export type DataFrame = import("nodejs-polars").DataFrame;
/** @ts-ignore The package may be missing where only other doors are used. */
export type LazyDataFrame = import("nodejs-polars").LazyDataFrame;
/** @ts-ignore The package may be missing where only other doors are used. */
export type DataType = import("nodejs-polars").DataType;
/** @ts-ignore The package may be missing where only other doors are used. */
export type Expr = import("nodejs-polars").Expr;

/** Of what the hints tell to install; tested with it. */
const version = "0.26.1";

/** Error: missing-peer, saying what to install. */
export async function loadPolars(load: () => Promise<unknown> = () => import("nodejs-polars")): Promise<Polars> {
  try {
    return ((await load()) as { readonly default: Polars }).default;
  } catch (error) {
    throw missingPeer(error, Number.parseInt(process.versions.node, 10), platformName());
  }
}

/**
 * nodejs-polars says that it runs on Node 20, its binary says 22: npm on Node 20 leaves the binary out without a word. It runs there
 * all the same when it is asked for by its own name.
 */
export function missingPeer(error: unknown, nodeMajor: number, platform: string): EntrepotError {
  const text = error instanceof Error ? error.message : String(error);
  const binary = /nodejs-polars-[a-z0-9-]+/.exec(text)?.[0];
  if (binary !== undefined)
    return new EntrepotError("missing-peer", `nodejs-polars is installed without its binary, ${binary}`, {
      cause: error,
      hint: `npm install ${binary}@${version}: npm leaves it out on Node 20, where it runs all the same`,
    });
  const packages = [`nodejs-polars@${version}`, ...(nodeMajor < 22 ? [`nodejs-polars-${platform}@${version}`] : [])];
  return new EntrepotError("missing-peer", "tables need the package nodejs-polars, which is not installed", {
    cause: error,
    hint: `npm install ${packages.join(" ")}`,
  });
}

function platformName(): string {
  const { platform, arch } = process;
  if (platform === "linux") return `linux-${arch}-${isMusl() ? "musl" : "gnu"}`;
  return platform === "win32" ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { readonly header?: { readonly glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime === undefined;
}

/** What polars said, as a typed error; ours, and a caller's mistakes, stay. */
export function engineError(error: unknown, uri: string | undefined, doing: string): unknown {
  if (error instanceof EntrepotError || error instanceof TypeError || error instanceof RangeError) return error;
  if (!(error instanceof Error)) return error;
  const said = inOurWords(firstLine(error.message));
  if (/^not found: unable to find column|^unable to find column|ColumnNotFound/.test(said)) {
    const [, name, , known] = /column "(.*?)"(; valid columns: \[(.*)\])?/.exec(error.message) ?? [];
    return new EntrepotError("malformed", `${uri ?? "the table"} has no column ${JSON.stringify(name ?? "")}`, {
      uri,
      cause: error,
      hint: known === undefined ? "look at its columns first" : `it has ${known}`,
    });
  }
  const code = /not supported|not yet implemented|not implemented|cannot be written|does not support/i.test(said)
    ? "unsupported"
    : "malformed";
  return new EntrepotError(code, `${doing}${uri === undefined ? "" : ` ${uri}`} failed: ${said}`, {
    uri,
    cause: error,
    hint:
      code === "unsupported"
        ? doing === "writing"
          ? "write another format, or turn the column into text first"
          : "leave the column out, or read it as text where the format has text"
        : "is it the format that its name says? { format } says another",
  });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]?.slice(0, 300) ?? "";
}
