/** The profiles of this user, from AWS's two files together. */
import { type AwsFile, type ProfileSettings, parseAwsFile } from "./aws-files.ts";

/** The world outside, given so that a test can make one up. */
export interface AwsWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file; `undefined` when there is none. */
  readFile(path: string): Promise<string | undefined>;
  /** Where `~` is. Default: `HOME` or `USERPROFILE` of `env`. */
  readonly homeDir?: string | undefined;
}

/** A profile and the file that each setting comes from. */
export interface Profile {
  readonly name: string;
  readonly settings: ProfileSettings;
  /** The path of the file that gives this setting. */
  sourceOf(setting: string): string;
  /** The settings that `services` names. */
  readonly services: ProfileSettings;
}

/** Reads both files. */
export async function readProfiles(world: AwsWorld): Promise<Profiles> {
  const paths = {
    credentials: pathOf(world, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    config: pathOf(world, "AWS_CONFIG_FILE", "config"),
  };
  const [credentials, config] = await Promise.all([readOne(world, paths.credentials), readOne(world, paths.config)]);
  return new Profiles(paths, credentials, config);
}

export class Profiles {
  readonly #paths: { readonly credentials: string; readonly config: string };
  readonly #credentials: AwsFile;
  readonly #config: AwsFile;

  constructor(paths: { readonly credentials: string; readonly config: string }, credentials: AwsFile, config: AwsFile) {
    this.#paths = paths;
    this.#credentials = credentials;
    this.#config = config;
  }

  get names(): readonly string[] {
    return [...new Set([...this.#credentials.profiles.keys(), ...this.#config.profiles.keys()])].sort();
  }

  /** `undefined` when neither file knows it. The file for credentials goes first. */
  get(name: string): Profile | undefined {
    const secret = this.#credentials.profiles.get(name);
    const open = this.#config.profiles.get(name);
    if (secret === undefined && open === undefined) return undefined;
    const settings: ProfileSettings = Object.assign(Object.create(null), open, secret);
    const services = this.#config.services.get(settings["services"] ?? "") ?? {};
    const paths = this.#paths;
    return {
      name,
      settings,
      services,
      sourceOf: (setting) => (secret !== undefined && setting in secret ? paths.credentials : paths.config),
    };
  }
}

async function readOne(world: AwsWorld, path: string): Promise<AwsFile> {
  return parseAwsFile((path === "" ? undefined : await world.readFile(path)) ?? "");
}

/** Empty when it cannot be known. */
function pathOf({ env, homeDir }: AwsWorld, variable: string, name: string): string {
  const home = homeDir ?? (env["HOME"] || env["USERPROFILE"]);
  const given = env[variable];
  if (given !== undefined && given !== "") {
    return given.startsWith("~/") && home !== undefined ? `${home}${given.slice(1)}` : given;
  }
  return home === undefined || home === "" ? "" : `${home}/.aws/${name}`;
}
