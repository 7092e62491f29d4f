/** The flow that files of modules define: one that a module exports, or the modules themselves as nodes. */
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EntrepotError } from "../../error/index.ts";
import { dataflow } from "../../flow/core/index.ts";
import { UsageError } from "../usage-error.ts";

export interface LoadedFlow {
  /** What `dataflow()` made, of the module's copy of entrepot. */
  readonly flow: object;
}

type Module = Readonly<Record<string, unknown>>;

/**
 * With `name` the flow that one of the modules exports under it; otherwise its export `flow` or `default`; otherwise a flow of all
 * modules, each called by its file's name. Errors: UsageError for what is not there, missing-peer, and whatever a module throws.
 */
export async function loadFlow(files: readonly string[], name: string | undefined): Promise<LoadedFlow> {
  if (files.length === 0)
    throw new UsageError("there is no module", "name the file that exports the flow: entrepot flow list flow.ts");
  const modules = await importAll(files);
  const names = name === undefined ? ["flow", "default"] : [name];
  const found = modules.flatMap(([, module]) => names.map((each) => module[each]).filter(isFlow));
  const [flow, ...others] = [...new Set(found)];
  if (others.length > 0)
    throw new UsageError("several of the modules export a flow", "name one module, or --flow NAME");
  if (flow !== undefined) return { flow };
  if (name !== undefined) {
    const exported = modules.flatMap(([, module]) => Object.keys(module).filter((key) => isFlow(module[key])));
    const hint = exported.length === 0 ? "there is no export that dataflow() made" : `exported: ${exported.join(", ")}`;
    throw new UsageError(`no module exports a flow called ${name}`, hint);
  }
  return { flow: dataflow(Object.fromEntries(modules)) };
}

function isFlow(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const { modules, with: replaced } = value as { readonly modules?: unknown; readonly with?: unknown };
  return typeof modules === "object" && modules !== null && typeof replaced === "function";
}

async function importAll(files: readonly string[]): Promise<(readonly [string, Module])[]> {
  const importUrl = files.some(isTypeScript) && !runsTypeScript() ? await importByTsx() : importByNode;
  const modules: (readonly [string, Module])[] = [];
  for (const file of files) {
    const name = basename(file, extname(file));
    if (modules.some(([other]) => other === name))
      throw new UsageError(`two modules are called ${name}`, "names of nodes would not say which of the two is meant");
    modules.push([name, await importFile(file, importUrl)]);
  }
  return modules;
}

const isTypeScript = (file: string) => /\.[cm]?tsx?$/.test(file);

/** From Node 22.18 on types are taken away when a module is loaded, and nothing else is needed. */
function runsTypeScript(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript);
}

type ImportUrl = (url: string) => Promise<Module>;

const importByNode: ImportUrl = async (url) => (await import(url)) as Module;

/** All modules of a flow in one registry, so that what two of them import is one. Error: missing-peer. */
async function importByTsx(): Promise<ImportUrl> {
  const { register } = await import("tsx/esm/api").catch((cause: unknown) => {
    throw new EntrepotError("missing-peer", "flows in TypeScript need the package tsx on Node before 22.18", {
      hint: "npm install tsx, or compile the modules to JavaScript first, or use Node 22.18 or later",
      cause,
    });
  });
  const registered = register({ namespace: "entrepot" });
  return (url) => registered.import(url, import.meta.url);
}

async function importFile(file: string, importUrl: ImportUrl): Promise<Module> {
  const url = pathToFileURL(resolve(file));
  try {
    return await importUrl(url.href);
  } catch (error) {
    const { code, url: missing } = error as { readonly code?: unknown; readonly url?: unknown };
    if (code !== "ERR_MODULE_NOT_FOUND" || (missing !== undefined && missing !== url.href)) throw error;
    if (!String((error as Error).message).includes(basename(file))) throw error;
    throw new EntrepotError("not-found", `there is no module ${file}`, {
      uri: url.href,
      hint: "name the file with its suffix, from the working folder",
      cause: error,
    });
  }
}
