/** The settings of a depot that is not made yet, each with who decided it. What `doctor` explains; never a secret. */
import { redact } from "../error/index.ts";
import type { EntrepotOptions, Root } from "./options.ts";
import { processWorld } from "./process-world.ts";
import type { Setting } from "./setting-sources.ts";
import { readSettings } from "./settings.ts";

/** In the order in which they were decided, the roots last. Opens nothing. Errors: those of `entrepot(options)`. */
export function describeSettings(options: EntrepotOptions): readonly Setting[] {
  const { decided, roots } = readSettings(options, processWorld(options));
  const given = options.roots ?? {};
  return [
    ...decided.map((setting) => ({ ...setting, value: redact(setting.value) })),
    ...Object.entries(roots).map(([name, root]) => ({
      name: `root.${name}`,
      value: redact(rootText(root)),
      source: Object.hasOwn(given, name) ? "option" : "environment",
    })),
  ];
}

function rootText(root: Root): string {
  if (typeof root === "string" || root instanceof URL) return String(root);
  return String(root.read) === String(root.write) ? String(root.read) : `${root.read} to read, ${root.write} to write`;
}
