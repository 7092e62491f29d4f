/** The library's hints speak of options of its calls; here they speak of the command line's. */

const words: readonly (readonly [RegExp, string])[] = [
  [/anonymous: true/g, "--anonymous"],
  [/choose a profile/g, "choose a --profile"],
  [/allowInsecureEndpoint: true/g, "--allow-insecure-endpoint"],
  [/the setting network: "offline"/g, "--offline or ENTREPOT_NETWORK"],
  [/the setting network is "offline"/gi, "--offline or ENTREPOT_NETWORK says so"],
  [/, or network: "offline"/g, ", --offline"],
  [/\bset region: "([a-z0-9-]+)"/g, "add --region $1"],
  [/requesterPays: true/g, "--requester-pays"],
  [/give sse: \{ customerKey \}/g, "give sse: { customerKey } to the library; the command line takes no such key"],
  [/set addressing to "path"/gi, "add --addressing path"],
  [/leave ifNoneMatch out/g, "leave --no-clobber out"],
  [/names: "map" \(--names map\)/g, "--names map"],
  [/leave the list out with exclude: "([^"]+)"/g, "leave the list out with --exclude $1"],
  [/ with exclude$/g, " with --exclude"],
  [/see which with dryRun and deleteLimit: "100%" \((.*?)\)/g, "see which with $1"],
  [/deleteLimit: "100%" \((.*?)\)/g, "$1"],
  [/rebase: true \((.*?)\)/g, "$1"],
  [/history\(\) \((.*?)\)/g, "$1"],
  [/, or use parentUri/g, ""],
  [/; copy takes single objects/g, "; cp takes single objects"],
  [/\(maxRequests, maxBytes; (.*?)\)/g, "($1)"],
  [/ or the option caFile/g, ""],
  [/, or pass envFile: false/g, ""],
  // of tables
  [/\{ types: \{ "([^"{}]+)": "([^"]+)" \} \}/g, "--types '$1=$2'"],
  [/\{ nullValues: \["((?:[^"\\]|\\.)*)"\] \}/g, "--nulls '$1'"],
  [/\{ encoding: "([^"]+)" \}/g, "--encoding $1"],
  [/\{ delimiter: "([^"]+)" \}/g, "--delimiter '$1'"],
  [/\{ decimal: "([^"]+)" \}/g, "--decimal $1"],
  [/\{ quote: false \}/g, "--quote none"],
  [/\{ dates: true \}/g, "--dates"],
  [/\{ format: "([^"]+)" \}/g, "--format $1"],
  [/\{ decompress: "([^"]+)" \}/g, "entrepot cp --decompress, or a name that says so,"],
  [/\{ format \}/g, "--format"],
  // of Pega
  [/readExport\(("[^"]+"), \{ table: "(\w+)", files: "all" \}\)/g, "entrepot pega table --all --table $2 $1"],
  [/fetchFiles\(("[^"]+")\)/g, "entrepot pega fetch REPOSITORY $1"],
  [/admDatamart\(\{ models: await readExport\(("[^"]+")\) \}\)/g, "--models $1"],
  [/datamartFolder: ""/g, "--datamart-folder ''"],
  [/\bdatamartFolder\b/g, "--datamart-folder"],
  [/\buseMetaFiles\b/g, "--use-meta-files"],
  [/\{ table: "(\w+)" \}/g, "--table $1"],
  [/; includeColumns and subset: false keep more/g, ""],
  [/\{ dropColumns: \[("[^"]+")\] \} leaves the column out/g, "dropColumns of the library leaves the column out"],
  [/entrepot\(\{ roots: .*? \} \}\) or /g, ""],
];

/** A hint with the words that help at a prompt. */
export function inFlags(hint: string): string {
  return words.reduce((text, [option, flag]) => text.replace(option, flag), hint);
}
