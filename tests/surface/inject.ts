// What library authors write on top: parts of a depot, fakes, passing options on, no `await using`.
import { type DecodeOptions, type Depot, entrepot, type OnError, type Otherwise, parseDuration } from "entrepot";

export interface Catalog {
  names(options?: { signal?: AbortSignal }): Promise<string[]>;
}
export function catalog(data: Pick<Depot, "list" | "readText">, folder: string): Catalog {
  return {
    async names(options) {
      return (await data.list(folder, { signal: options?.signal }).toArray()).map((e) => e.path);
    },
  };
}
export const readBoth = <E extends OnError = "throw">(
  data: Depot,
  a: string,
  b: string,
  o?: DecodeOptions<E>,
): Promise<[string | Otherwise[E], string | Otherwise[E]]> => Promise.all([data.readText(a, o), data.readText(b, o)]);
export const cancellable = (data: Depot, uri: string, signal?: AbortSignal): Promise<string> =>
  data.readText(uri, { signal });
export const fresh = (data: Depot, uri: string, refresh: boolean) =>
  data.readText(uri, { cache: refresh ? "refresh" : "use" });
const fake: Pick<Depot, "readText" | "exists"> = { readText: async () => "hello", exists: async () => true };
const d = entrepot({ roots: { local: "./", cloud: "s3://b/" }, location: "local" });
const [x, y]: [string, string] = await readBoth(d, "a", "b");
const [m] = await readBoth(d, "a", "b", { onError: "warn" });
const n: string | undefined = m;
console.log(await catalog(d, "x/").names(), await cancellable(d, "x"), fake, x, y, n);

const { presign, readText, close } = entrepot();
const seconds = Number(process.argv[2]);
console.log(
  await presign("s3://b/x", { expiresIn: "1h" }),
  await presign("s3://b/x", { expiresIn: `${seconds}s`, method: "PUT" }),
);
console.log(await presign("s3://b/x", { expiresIn: parseDuration(process.env["TTL"] ?? "1h") }), await readText("x"));
// @ts-expect-error seconds or milliseconds?
await presign("s3://b/x", { expiresIn: 3600 });
await close();
