/** Leases: small objects that say until when a reader wants a generation. Ends are by the clock of who took it. */
import type { DatasetDesk } from "./desk.ts";
import { isGeneration, uriBelow } from "./layout.ts";

export interface Lease {
  /** Never fails: what stays ends by itself. */
  release(): Promise<void>;
}

export async function takeLease(
  { data, layout, now }: DatasetDesk,
  generation: string,
  durationMs: number,
  signal: AbortSignal | undefined,
): Promise<Lease> {
  const uri = uriBelow(layout.leasesOf(generation), `${crypto.randomUUID()}.json`);
  await data.writeText(uri, JSON.stringify({ generation, expiresMs: now() + durationMs }), { signal });
  return { release: async () => void (await data.remove(uri, { onError: "ignore" }).catch(() => undefined)) };
}

/** The generations under a lease that has not ended, and the addresses of leases that have. */
export async function readLeases(
  { data, layout, now }: DatasetDesk,
  signal: AbortSignal | undefined,
): Promise<{ readonly leased: ReadonlySet<string>; readonly ended: readonly string[] }> {
  const leased = new Set<string>();
  const ended: string[] = [];
  for await (const { uri, path } of data.list(layout.leases, { signal })) {
    const generation = path.slice(0, path.indexOf("/"));
    if (!isGeneration(generation)) continue;
    // One that is let go meanwhile is none; one that cannot be read protects.
    const text = await data.readText(uri, { signal, cache: "bypass", onError: "allow-missing" });
    if (text === undefined) continue;
    if (now() < expiresMs(text)) leased.add(generation);
    else ended.push(uri);
  }
  return { leased, ended };
}

function expiresMs(text: string): number {
  try {
    const value: unknown = JSON.parse(text);
    const { expiresMs: ends } = (value ?? {}) as { readonly expiresMs?: unknown };
    return typeof ends === "number" ? ends : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
