// The HyTEST notebook: anonymous reads, one program with three identities.
import { entrepot } from "entrepot";
import * as zarr from "zarrita";

const bucket = "s3://noaa-nwm-retrospective-2-1-zarr-pds/";
const open = entrepot({ anonymous: true });
for await (const e of open.list(bucket, { depth: 1, kind: "any" }))
  console.log(e.uri, e.kind === "object" ? e.sizeBytes : "DIR");
for await (const z of open.glob(`${bucket}*.zarr`, { kind: "folder" })) console.log(z.name);
const info = await open.stat(`${bucket}index.html`);
console.log(new Date(info.modifiedMs), info.etag);
await using file = await open.open(`${bucket}index.html`);
let n = 0;
for await (const line of file.lines()) {
  console.log(line);
  if (++n === 5) break;
}
const group = await zarr.open(await zarr.withConsolidatedMetadata(open.zarr(`${bucket}chrtout.zarr`)), {
  kind: "group",
});
console.log(group.attrs);
// the store is zarrita's by its type, not only where it happens to be passed
open.zarr(bucket) satisfies zarr.AsyncReadable;

const data = entrepot({
  profile: "nhgf-development",
  region: "us-west-2",
  buckets: {
    "noaa-public": { anonymous: true },
    "hytest-osn": { endpoint: "https://usgs.osn.mghpcc.org", profile: "osn-hytest" },
    paid: { requesterPays: true },
  },
});
const workspace = await data.list("s3://nhgf-development/workspace/", { depth: 1, kind: "any" }).toArray();
await data.copy("s3://noaa-public/x.nc", "s3://nhgf-development/x.nc");
await data.createBucket("s3://nhgf-new");
await data.move("s3://nhgf-development/a/", "s3://nhgf-development/b/");
await data.remove("s3://nhgf-development/tmp/", { recursive: true });
await data.remove({ bucket: "nhgf-development", key: "marker/" });
console.log(workspace.length);
// @ts-expect-error anonymous and a profile
entrepot({ anonymous: true, profile: "x" });
