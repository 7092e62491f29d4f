// Tables: frames are polars', options are typed by the name's suffix, and what cannot be meant does not compile.
import { entrepot, type TableReadOptions } from "entrepot";
import { rows } from "entrepot/table";
import pl from "nodejs-polars";

const data = entrepot();
const out = process.argv[2] ?? "";
const sales = await data.readTable("s3://b/sales.csv.gz", {
  columns: { day: "date", amount: "float64", id: "int64" },
  where: { amount: { gt: 0 } },
  delimiter: ";",
});
const daily = sales.groupBy("day").agg(pl.col("amount").sum().as("amount"));
for (const r of rows(sales)) console.log(r["id"]);
await data.writeTable("s3://b/out/sales.parquet", daily, { codec: "zstd" });
await data.writeTable(out, pl.DataFrame({ a: [1] }), { format: "csv", newline: "\n" });
const parts = await data.writeTable("s3://b/sales/", daily, { partitionBy: ["day"] });
const many = await data.readTable(data.glob("s3://b/part-*.json.gz"));
const two = await data.readTable(["s3://b/1.csv", "s3://b/2.csv"], { limit: 10 });
const how: TableReadOptions<"csv"> = { delimiter: "|" };
const dyn = await data.readTable(out, { format: "csv", delimiter: "|", onError: "allow-missing" });
await data.readTable("x.tsv", { ...how, columns: ["a"] });
await data.readTable("x.dat", { format: "csv", engine: { lowMemory: true } });
await data.readTable("x.csv", { format: "jsonl", types: { a: "decimal(38,10)" } });
console.log(many.height, two.columns, dyn?.height, parts.files.length);
// @ts-expect-error csv options on a parquet file
await data.readTable("s3://b/x.parquet", { delimiter: ";" });
// @ts-expect-error csv options on a file that is said to be something else
await data.readTable("s3://b/x.csv", { format: "parquet", delimiter: ";" });
// @ts-expect-error a misspelt option
await data.readTable("s3://b/x.csv", { delimter: ";" });
// @ts-expect-error an option of polars that there is none of
await data.readTable("s3://b/x.csv", { engine: { lowMemry: true } });
// @ts-expect-error a condition on a column that was not asked for
await data.readTable("x.csv", { columns: ["a"], where: { b: 1 } });
// @ts-expect-error a wrong kind of value
await data.readTable("x.csv", { columns: { a: "float64" }, where: { a: { gt: "1" } } });
// @ts-expect-error not a frame
await data.writeTable("x.csv", "a,b");
// @ts-expect-error a forgotten await
await data.writeTable("x.csv", data.readTable("y.csv"));
// @ts-expect-error what may be missing
dyn.height;
