/**
 * The two files in which AWS's tools keep settings, as plain values. What others only read in one file is read in both:
 * `[profile x]` and a bare `[x]` are the same.
 */

/** One profile's settings; those of an indented block are named `s3.addressing_style`. */
export type ProfileSettings = Readonly<Record<string, string>>;

/** The sections of one file. */
export interface AwsFile {
  readonly profiles: ReadonlyMap<string, ProfileSettings>;
  /** `[services x]`, which a profile's `services` names. */
  readonly services: ReadonlyMap<string, ProfileSettings>;
}

/** Reads either file. Lines that mean nothing are passed over, as AWS's tools do. */
export function parseAwsFile(text: string): AwsFile {
  const profiles = new Map<string, Record<string, string>>();
  const services = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  let block = "";
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const header = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      section = openSection(header, profiles, services);
      block = "";
      continue;
    }
    const equals = line.indexOf("=");
    if (equals === -1 || section === undefined) continue;
    const name = line.slice(0, equals).trim().toLowerCase();
    const value = withoutComment(line.slice(equals + 1)).trim();
    if (/^\s/.test(line) && block !== "") section[`${block}.${name}`] = value;
    else {
      section[name] = value;
      block = value === "" ? name : "";
    }
  }
  return { profiles, services };
}

function openSection(
  header: string,
  profiles: Map<string, Record<string, string>>,
  services: Map<string, Record<string, string>>,
): Record<string, string> | undefined {
  const [, kind = "profile", quoted, plain = ""] =
    /^(?:(profile|services|sso-session|plugins)\s+)?(?:"([^"]*)"|(.*))$/.exec(header) ?? [];
  const sections = { profile: profiles, services }[kind];
  if (sections === undefined) return undefined;
  const name = quoted ?? plain;
  let section = sections.get(name);
  if (section === undefined) {
    section = Object.create(null) as Record<string, string>;
    sections.set(name, section);
  }
  return section;
}

/** A comment behind a value begins with a blank; a secret may hold a `#`. */
function withoutComment(value: string): string {
  const at = value.search(/\s[#;]/);
  return at === -1 ? value : value.slice(0, at);
}
