/** What `entrepot --help` says: the commands, how to go on, and nothing that needs the library. */
import { commandList } from "./commands.ts";
import { version } from "./version.ts";

/** Ends with a line end. */
export function overview(): string {
  const width = Math.max(...commandList.map(({ name }) => name.length));
  return `entrepot ${version}: object-store data, close by

usage: entrepot <command> [options] <address>...

Commands
${commandList.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n")}

Examples
  entrepot ls -lh s3://noaa-ghcn-pds/ --anonymous
  entrepot head -n 5 s3://my-bucket/data.csv.gz
  entrepot cp -r ./results/ s3://my-bucket/results/
  entrepot doctor s3://my-bucket/

More
  entrepot <command> --help   options and examples of one command
  entrepot help <topic>       addresses, settings, output, exit-codes
  entrepot --version
`;
}
