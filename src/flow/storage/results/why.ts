/** What is different from the last time, in words. */
import type { Parts } from "./parts.ts";

/** Every difference, the most telling first; empty where there is none. */
export function differences(before: Parts, now: Parts): string[] {
  const found: string[] = [];
  if (before.version !== now.version)
    found.push(
      now.version === undefined
        ? "the code counts now, and no version"
        : before.version === undefined
          ? "a version counts now, and not the code"
          : `the version changed from ${shown(before.version)} to ${shown(now.version)}`,
    );
  else found.push(...codeDifferences(before.code, now.code));
  if (before.variant !== now.variant)
    found.push(`another variant is chosen: ${now.variant ?? "none"}, and not ${before.variant ?? "none"}`);
  if (before.told !== now.told) found.push(`it is told that it runs for '${now.told}', and not '${before.told}'`);
  for (const [name, change] of changes(before.inputs, now.inputs)) found.push(`input \`${name}\` ${change}`);
  return found;
}

function codeDifferences(before: Parts["code"], now: Parts["code"]): string[] {
  return changes(before, now).map(([path, change]) =>
    path === ""
      ? `the code itself ${change}`
      : `the code ${change === "changed" ? "changed" : "differs"}: \`${path}\` ${change}`,
  );
}

function changes(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): (readonly [name: string, change: string])[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    if (before[name] === now[name]) return [];
    const change = before[name] === undefined ? "is new" : now[name] === undefined ? "is gone" : "changed";
    return [[name, change] as const];
  });
}

function shown(version: string): string {
  const [kind, ...rest] = version.split(" ");
  return kind === "string" ? JSON.stringify(rest.join(" ")) : rest.join(" ");
}
