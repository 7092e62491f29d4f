/**
 * The two files in which AWS's tools keep settings, as plain values that know their lines. Read as the AWS CLI reads them, and
 * more kindly: a byte order mark, a section that comes twice and a comment behind a value are no errors.
 */

/** Settings by name; those of an indented block are named `s3.addressing_style`. */
export type ProfileSettings = Readonly<Record<string, string>>;

/** One section, or all sections of one name together. */
export interface AwsSection {
  /** Of its first header, from 1. */
  readonly line: number;
  readonly settings: ProfileSettings;
  /** Where each setting stands, from 1. */
  readonly lines: Readonly<Record<string, number>>;
}

/** The sections of one file. */
export interface AwsFile {
  /** `[profile x]`. */
  readonly profiles: ReadonlyMap<string, AwsSection>;
  /** `[x]`: what AWS's tools expect in one of the two files only is read in both. */
  readonly bare: ReadonlyMap<string, AwsSection>;
  /** `[services x]`, which a profile's `services` names. */
  readonly services: ReadonlyMap<string, AwsSection>;
  /** `[sso-session x]`, which a profile's `sso_session` names. */
  readonly ssoSessions: ReadonlyMap<string, AwsSection>;
}

interface OpenSection extends AwsSection {
  readonly settings: Record<string, string>;
  readonly lines: Record<string, number>;
}

/** A command's own `#` is no comment, and it may go on in the next line. */
const commands: ReadonlySet<string> = new Set(["credential_process"]);

/** Reads either file. Lines that mean nothing are passed over. */
export function parseAwsFile(text: string): AwsFile {
  const file = {
    profiles: new Map<string, OpenSection>(),
    bare: new Map<string, OpenSection>(),
    services: new Map<string, OpenSection>(),
    ssoSessions: new Map<string, OpenSection>(),
  };
  let section: OpenSection | undefined;
  let last: { readonly name: string; readonly indent: number } | undefined;
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const indent = line.search(/\S/);
    const within = last !== undefined && indent > last.indent ? last.name : undefined;
    const header = within === undefined ? /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1] : undefined;
    if (header !== undefined) {
      section = openSection(header, file, index + 1);
      last = undefined;
      continue;
    }
    if (section === undefined) continue;
    if (within !== undefined && commands.has(within)) {
      section.settings[within] = `${section.settings[within] ?? ""} ${line.trim()}`.trim();
      continue;
    }
    const block = within !== undefined && section.settings[within] === "" ? within : undefined;
    const delimiter = block === undefined ? line.search(/[=:]/) : line.indexOf("=");
    if (delimiter === -1) continue;
    const own = line.slice(0, delimiter).trim().toLowerCase();
    const name = block === undefined ? own : `${block}.${own}`;
    const value = line.slice(delimiter + 1);
    section.settings[name] = (commands.has(own) ? value : withoutComment(value)).trim();
    section.lines[name] = index + 1;
    if (within === undefined) last = { name: own, indent };
  }
  return file;
}

function openSection(
  header: string,
  file: Readonly<Record<keyof AwsFile, Map<string, OpenSection>>>,
  line: number,
): OpenSection | undefined {
  const [, kind, double, single, plain = ""] =
    /^(?:(profile|services|sso-session|plugins)\s+)?(?:"([^"]*)"|'([^']*)'|(.*))$/.exec(header) ?? [];
  const sections = {
    profile: file.profiles,
    services: file.services,
    "sso-session": file.ssoSessions,
    plugins: undefined,
    bare: file.bare,
  }[kind ?? "bare"];
  if (sections === undefined) return undefined;
  const name = double ?? single ?? plain;
  let section = sections.get(name);
  if (section === undefined) {
    section = { line, settings: Object.create(null), lines: Object.create(null) };
    sections.set(name, section);
  }
  return section;
}

/** A comment behind a value begins with a blank; a secret may hold a `#`. */
function withoutComment(value: string): string {
  const at = value.search(/\s[#;]/);
  return at === -1 ? value : value.slice(0, at);
}
