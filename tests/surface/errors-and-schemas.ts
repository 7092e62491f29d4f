// Failure values, narrowing, schemas, locations.
import { EntrepotError, entrepot, isEntrepotError } from "entrepot";
import * as z from "zod";

const data = entrepot();
try {
  await data.readText("s3://b/x");
} catch (e) {
  if (isEntrepotError(e, "not-found", "forbidden")) {
    const code: "not-found" | "forbidden" = e.code;
    console.error(code, e.uri);
  } else if (e instanceof EntrepotError) e.toJSON();
  else throw e;
}
const config = await data.readJson("config.json", { onError: "allow-missing" });
const text: string | undefined = await data.readText("x", { onError: "warn" });
// @ts-expect-error not a code
isEntrepotError(null, "not-fond");
// @ts-expect-error not a policy
await data.readText("x", { onError: "skip" });
console.log(config ?? {}, text?.length);

const Settings = z.object({ location: z.enum(["local", "cloud"]), year: z.number() });
const settings = await data.readJson(new URL("./settings.json", import.meta.url), { schema: Settings });
const roots = { local: "./data/", cloud: "s3://model-bucket/v2/" };
const placed = entrepot({ roots, location: settings.location });
console.log(await placed.with({ location: "cloud" }).readText("baseline.txt"), settings.year.toFixed());
// @ts-expect-error no such location
entrepot({ roots: { local: "./data/", cloud: "s3://model-bucket/v2/" }, location: "clod" });
// @ts-expect-error no such location
placed.with({ location: "clod" });
// @ts-expect-error a location without roots
entrepot({ location: "local" });
