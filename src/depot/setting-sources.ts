/**
 * The layers that a setting may come from, asked in order, with a memory of which one decided.
 */
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { parseEnvFile } from "./env-file.ts";
import type { EntrepotOptions } from "./options.ts";
import { defined, expandHome, optional, pathText, type World } from "./setting-values.ts";

/** One decided setting, as `doctor` prints it. Never a secret. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Who decided: `"option"`, `"environment ENTREPOT_CACHE_DIR"`, `"file ~/.entrepot.env:3 ENTREPOT_CACHE_DIR"`, `"default"`. */
  readonly source: string;
}

/** Options, then environment, then env file. */
export class SettingSources {
  readonly decided: Setting[] = [];
  readonly merged: Readonly<Record<string, string | undefined>>;
  readonly #world: World;
  readonly #file: EnvFile | undefined;

  constructor(options: EntrepotOptions, world: World) {
    this.#world = world;
    this.#file = readEnvFile(options, world);
    const merged = { ...this.#file?.values, ...defined(world.env) };
    this.merged = withLegacyNames(merged);
  }

  /**
   * The option, else the first of `names` in environment or env file, else the default; and remembers which. `show` is how the
   * value is told, without a secret.
   */
  pick<T>(
    name: string,
    option: T | undefined,
    names: readonly string[],
    parse: (text: string, variable: string) => T,
    otherwise: T,
    show: (value: T) => string = (value) => String(value ?? "none"),
  ): T {
    if (option !== undefined) return this.#note(name, option, "option", show);
    for (const variable of names) {
      const text = this.merged[variable];
      if (text === undefined || text === "") continue;
      const inFile = this.#world.env[variable] === undefined || this.#world.env[variable] === "";
      try {
        return this.#note(
          name,
          parse(text, variable),
          inFile ? `file ${placeIn(this.#file, variable)} ${variable}` : `environment ${variable}`,
          show,
        );
      } catch (cause) {
        if (isEntrepotError(cause)) throw cause;
        throw new EntrepotError("misconfigured", `${variable} has no meaning: ${(cause as Error).message}`, {
          cause,
          hint: `correct ${variable}${inFile ? ` in ${placeIn(this.#file, variable)}` : ""}, or unset it; entrepot help settings shows what it may be`,
        });
      }
    }
    return this.#note(name, otherwise, "default", show);
  }

  #note<T>(name: string, value: T, source: string, show: (value: T) => string): T {
    this.decided.push({
      name,
      value: name === "cache.mode" ? `0o${Number(value).toString(8)}` : show(value),
      source,
    });
    return value;
  }
}

/** PWBM's spellings; the AWS name wins where both are set. */
function withLegacyNames(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const secret = env["AWS_SECRET_ACCESS_KEY"] ?? env["AWS_ACCESS_KEY_SECRET"];
  const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? env["Region_Name"];
  return {
    ...env,
    ...(secret === undefined ? {} : { AWS_SECRET_ACCESS_KEY: secret }),
    ...(region === undefined ? {} : { AWS_REGION: region }),
  };
}

interface EnvFile {
  readonly path: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
}

/** `FILE:LINE`; of a name that stands there twice the last one, which decides; `FILE` for one that it bears under an older name. */
function placeIn(file: EnvFile | undefined, variable: string): string {
  const lines = file?.text.split(/\r?\n/) ?? [];
  const line = lines.findLastIndex((text) => /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(text)?.[1] === variable);
  return `${file?.path}${line < 0 ? "" : `:${line + 1}`}`;
}

function readEnvFile(options: EntrepotOptions, world: World): EnvFile | undefined {
  if (options.envFile === false) return undefined;
  const named = optional(options.envFile, pathText) ?? world.env["ENTREPOT_ENV_FILE"] ?? world.env["S3STASHER_ENV"];
  const path = named ?? (world.homeFolder === undefined ? undefined : `${world.homeFolder}/.entrepot.env`);
  if (path === undefined) return undefined;
  const text = world.readText(expandHome(path, world));
  if (text === undefined && named !== undefined)
    throw new EntrepotError("misconfigured", `the env file ${named} does not exist`, {
      hint: "create it, correct ENTREPOT_ENV_FILE, or pass envFile: false",
    });
  return text === undefined ? undefined : { path, text, values: parseEnvFile(text) };
}
