/** What pdstools' users write, against the declarations; from the programs that the surface was designed by. */
import { entrepot } from "entrepot";
import { pegaRepository, readExport } from "entrepot/pega";
import "entrepot/table";

const data = entrepot();
const pega = pegaRepository(data, "s3://testbucket/", { downloadDir: "./s3_download" });
const got = await pega.fetchFiles("path/to/files", {
  useMetaFiles: true,
  onProgress: (p) => console.error(p.doneObjects, p.totalObjects),
});
console.log(
  got.summary,
  `${got.fetched} ${got.skipped}`,
  got.files.map((f) => f.path),
  got.incomplete[0]?.reason,
);
const paths = (await pega.fetchTable("modelSnapshot")).files.map(({ path, status }) => [path, status]);
const models = await pega.readTable("modelSnapshot");
const positives = models.getColumn("Positives").sum();
const hist = await pega.readTable("histogram", { datamartFolder: "datamart", signal: AbortSignal.timeout(60_000) });
const newest = await readExport("./exports/", { data, table: "predictorSnapshot", incremental: "./kept" });
const many = await readExport(got.files, { data });
// @ts-expect-error there is no such table
await pega.fetchTable("modelSnapshots");
// @ts-expect-error nor such an option
await pega.fetchFiles("x", { use_meta_files: true });
console.log(paths, positives, hist.height, newest.columns, many.width);
