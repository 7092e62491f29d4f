/** The profiles of this user, from AWS's two files together. */
import { type AwsFile, type AwsSection, type ProfileSettings, parseAwsFile } from "./aws-files.ts";
import type { AwsWorld } from "./aws-world.ts";

/** A file and a line of it, from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number | undefined;
}

/** A section of one of the two files. */
export interface PlacedSection {
  readonly settings: ProfileSettings;
  /** Where a setting stands; without one, or for one that is not there, the section itself. */
  placeOf(setting?: string): FilePlace;
}

/** A profile and the file that each setting comes from. */
export interface Profile extends PlacedSection {
  readonly name: string;
  /** Of both files; the one for credentials goes first. */
  readonly settings: ProfileSettings;
  /** The file that gives this setting, with the line: `FILE:LINE`. */
  sourceOf(setting: string): string;
  /** The settings that `services` names. */
  readonly services: ProfileSettings;
  /** What each file says on its own: a key pair is taken from one of them. */
  readonly credentials: PlacedSection | undefined;
  readonly config: PlacedSection | undefined;
}

export function shown({ file, line }: FilePlace): string {
  return line === undefined ? file : `${file}:${line}`;
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
    const files = [this.#credentials, this.#config];
    return [...new Set(files.flatMap(({ profiles, bare }) => [...profiles.keys(), ...bare.keys()]))].sort();
  }

  /** `undefined` when neither file knows it. The file for credentials goes first. */
  get(name: string): Profile | undefined {
    const credentials = placed(profileOf(this.#credentials, name), this.#paths.credentials);
    const config = placed(profileOf(this.#config, name), this.#paths.config);
    const only = credentials ?? config;
    if (only === undefined) return undefined;
    const settings: ProfileSettings = Object.assign(Object.create(null), config?.settings, credentials?.settings);
    const services = this.#section("services", settings["services"])?.settings ?? {};
    const placeOf = (setting?: string): FilePlace => {
      const holder = [credentials, config].find((one) => one !== undefined && (setting ?? "") in one.settings);
      return (holder ?? only).placeOf(setting);
    };
    const sourceOf = (setting: string) => shown(placeOf(setting));
    return { name, settings, services, credentials, config, placeOf, sourceOf };
  }

  /** The `[sso-session …]` that a profile names. */
  ssoSession(name: string): PlacedSection | undefined {
    return this.#section("ssoSessions", name);
  }

  #section(kind: "services" | "ssoSessions", name = ""): PlacedSection | undefined {
    const config = placed(this.#config[kind].get(name), this.#paths.config);
    return config ?? placed(this.#credentials[kind].get(name), this.#paths.credentials);
  }
}

/** With its prefix it hides one without. */
function profileOf({ profiles, bare }: AwsFile, name: string): AwsSection | undefined {
  return profiles.get(name) ?? bare.get(name);
}

function placed(section: AwsSection | undefined, file: string): PlacedSection | undefined {
  if (section === undefined) return undefined;
  const { settings, lines, line } = section;
  return { settings, placeOf: (setting = "") => ({ file, line: lines[setting] ?? line }) };
}

async function readOne(world: AwsWorld, path: string): Promise<AwsFile> {
  return parseAwsFile((path === "" ? undefined : await world.readFile(path)) ?? "");
}

/** Empty when it cannot be known. */
function pathOf(world: AwsWorld, variable: string, name: string): string {
  const given = world.env[variable];
  if (given !== undefined && given !== "") return expandPath(world, given);
  const folder = awsFolder(world);
  return folder === undefined ? "" : `${folder}/${name}`;
}

/** `~/.aws`; `undefined` when nobody knows where home is. */
export function awsFolder({ env, homeDir }: AwsWorld): string | undefined {
  const home = homeDir ?? (env["HOME"] || env["USERPROFILE"]);
  return home === undefined || home === "" ? undefined : `${home}/.aws`;
}

/** `~`, `$NAME` and `${NAME}` as AWS's tools understand them in paths; a name that is not set stays as it is. */
export function expandPath({ env, homeDir }: AwsWorld, path: string): string {
  const home = homeDir ?? (env["HOME"] || env["USERPROFILE"]);
  const expanded = path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => env[plain ?? braced] ?? whole);
  return /^~(?:\/|$)/.test(expanded) && home !== undefined ? `${home}${expanded.slice(1)}` : expanded;
}
