/** The profiles that AWS's two files name, for who is about to choose one. */
import { homedir } from "node:os";
import { openNodeDisk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";

/** In order; none where the files cannot be read. */
export async function profileNames(env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const folder = `${env["HOME"] ?? homedir()}/.aws`;
  const config = await headings(env["AWS_CONFIG_FILE"] ?? `${folder}/config`);
  const credentials = await headings(env["AWS_SHARED_CREDENTIALS_FILE"] ?? `${folder}/credentials`);
  const configured = config.flatMap((heading) =>
    heading === "default" ? heading : (/^profile\s+(.+)$/.exec(heading)?.[1] ?? []),
  );
  return [...new Set([...configured, ...credentials])].sort();
}

async function headings(path: string): Promise<readonly string[]> {
  try {
    const { bytes } = await openNodeDisk().readFile(path, { followLinks: true, maxBytes: 1 << 20 });
    const text = new TextDecoder().decode(bytes);
    return [...text.matchAll(/^\s*\[\s*(.*?)\s*\]/gm)].map(([, heading = ""]) =>
      heading.replace(/^(["'])(.*)\1$/, "$2"),
    );
  } catch (error) {
    if (isEntrepotError(error)) return [];
    throw error;
  }
}
