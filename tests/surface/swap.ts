// Compare and swap by hand and by `update`; conditions that would overwrite silently do not compile.
import { entrepot, isEntrepotError } from "entrepot";
import * as z from "zod";

const data = entrepot();
const uri = "s3://b/counter.json";
const Counter = z.object({ n: z.number() });
for (let attempt = 0; ; attempt++) {
  await using file = await data.open(uri, { onError: "allow-missing" });
  const n = file ? Counter.parse(await file.json()).n : 0;
  try {
    await data.writeJson(uri, { n: n + 1 }, file ? { ifMatch: file.etag } : { ifNoneMatch: "*" });
    break;
  } catch (e) {
    if (!isEntrepotError(e, "precondition-failed", "already-exists") || attempt >= 9) throw e;
  }
}
await data.update(uri, async (current) =>
  JSON.stringify({ n: (current ? Counter.parse(await current.json()).n : 0) + 1 }),
);
const lock = await data.writeText("s3://b/lock", String(process.pid), { ifNoneMatch: "*" });
await data.remove("s3://b/lock", { ifMatch: lock.etag });
declare const maybe: string | undefined;
// @ts-expect-error undefined would overwrite without a condition
await data.writeText(uri, "x", { ifMatch: maybe });
// @ts-expect-error both
await data.writeText(uri, "x", { ifMatch: "e", ifNoneMatch: "*" });
