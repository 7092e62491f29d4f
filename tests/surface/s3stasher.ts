// People coming from s3stasher: a shared cache, local copies, writes from a path.
import { readFile, writeFile } from "node:fs/promises";
import { entrepot } from "entrepot";

const data = entrepot({ cache: { dir: "/shared/cache", mode: 0o660 } });
await using copy = await data.localCopy("s3://my-bucket/my_data.csv");
const csv = await readFile(copy.path, "utf8");
const lines = (await data.localCopy("s3://my-bucket/unstructured.txt", (path) => readFile(path, "utf8"))).split("\n");
await data.writeFrom("s3://my-bucket/my_data_new.csv", (path) => writeFile(path, csv.toUpperCase()));
const uris = await data.list("s3://my-bucket/prefix", { prefix: true }).uris();
if (await data.exists("s3://my-bucket/unknown_file.txt")) await data.remove("s3://my-bucket/unknown_file.txt");
await data.copy("s3://my-bucket/1.txt", "s3://my-bucket/2.txt");
await data.move("s3://my-bucket/2.txt", "s3://my-bucket/3.txt");
console.log(lines.length, uris.length, (await data.cache.stats()).sizeBytes);
await data.cache.prune({ olderThan: new Date("2024-01-01") });
await data.cache.prune({ maxBytes: "10GB", olderThan: "30d" });
