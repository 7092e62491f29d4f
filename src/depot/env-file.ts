/**
 * `NAME=value` lines as dotenv reads them: comments, `export`, single and double quotes. Nothing is expanded or run.
 */

/** The variables of an env file. Lines that are none are skipped, as every dotenv does. */
export function parseEnvFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = unquote(match[2] ?? "");
  }
  return values;
}

function unquote(text: string): string {
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text);
  if (double !== null)
    return (double[1] ?? "").replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(text);
  if (single !== null) return single[1] ?? "";
  return text.replace(/\s+#.*$/, "").replace(/^#.*$/, "");
}
