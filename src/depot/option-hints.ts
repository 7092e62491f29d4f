/** What to say of names that people write in the place of an option: those of other libraries, and ours in another place. */
import { overrideChecks } from "./depot-options.ts";

const writing = 'a write replaces what is there; ifNoneMatch: "*" only creates';
const wholeFolder = "an address that ends in / means everything below it";
const retrying = "write retries: { attempts }";
const keys = "write credentials: { accessKeyId, secretAccessKey, sessionToken }";

const ofVerbs: Readonly<Record<string, string>> = {
  overwrite: writing,
  force: writing,
  noClobber: 'write ifNoneMatch: "*"',
  contentEncoding: "it follows from compress and the name's suffix",
  headers: "the options contentType, cacheControl, metadata and others say what is sent",
  maxKeys: "a listing is a stream: leave the loop when there is enough",
  timeout: "write signal: AbortSignal.timeout(milliseconds)",
};
const ofLists: Readonly<Record<string, string>> = {
  recursive: "it goes through all levels; depth: 1 lists the folder itself",
  delimiter: "depth: 1 lists one level",
  limit: "a listing is a stream: leave the loop when there is enough",
  pattern: "glob() takes patterns",
  maxdepth: "did you mean depth?",
  maxDepth: "did you mean depth?",
};
const ofTables: Readonly<Record<string, string>> = {
  sep: "did you mean delimiter?",
  separator: "did you mean delimiter?",
  fielddelimiter: "did you mean delimiter?",
  quotechar: "did you mean quote?",
  decimalcomma: 'write decimal: ","',
  dtype: "did you mean types?",
  dtypes: "did you mean types?",
  schema: "did you mean types?",
  parsedates: "did you mean dates?",
  tryparsedates: "did you mean dates?",
  navalues: "did you mean nullValues?",
  nulls: "did you mean nullValues?",
  usecols: "did you mean columns?",
  nrows: "did you mean limit?",
  filter: "did you mean where?",
  filters: "did you mean where?",
};
const ofTablesWritten: Readonly<Record<string, string>> = {
  ...ofTables,
  compression: 'codec: "zstd" compresses inside of Parquet and Arrow, compress: "gzip" the file',
  navalues: "did you mean nullValue?",
  narep: "did you mean nullValue?",
  nulls: "did you mean nullValue?",
  nullvalues: "did you mean nullValue?",
  partitioncols: "did you mean partitionBy?",
  rowgroupsize: "did you mean rowGroupRows?",
  lineterminator: "did you mean newline?",
  floatprecision: "did you mean floatDigits?",
  index: "a frame has none",
};
const ofDepots: Readonly<Record<string, string>> = {
  accesskeyid: keys,
  secretaccesskey: keys,
  sessiontoken: keys,
  awsaccesskeyid: keys,
  awssecretaccesskey: keys,
  awssessiontoken: keys,
  forcepathstyle: 'write addressing: "path"',
  s3forcepathstyle: 'write addressing: "path"',
  maxretries: retrying,
  maxattempts: retrying,
  retry: retrying,
  endpointurl: "did you mean endpoint?",
  regionname: "did you mean region?",
  awsregion: "did you mean region?",
  profilename: "did you mean profile?",
  awsprofile: "did you mean profile?",
  anon: "write anonymous: true",
  nosignrequest: "write anonymous: true",
  usedualstackendpoint: "did you mean dualStack?",
  usefipsendpoint: "did you mean fips?",
  cachedir: "write cache: { dir }",
  offline: 'write network: "offline"',
  serversideencryption: "did you mean sse?",
  logger: "did you mean onEvent?",
  bucket: "addresses name it: s3://bucket/key; or write buckets: { name: options }",
};

/** Upper and lower case, `_` and `-` are what libraries differ by. */
const plainly = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, "");

/** For an option that a verb has not. */
export function verbHint(verb: string, name: string): string | undefined {
  if (verb === "list" || verb === "glob" || verb === "walk" || verb === "usage" || verb === "cache.list") {
    if (Object.hasOwn(ofLists, name)) return ofLists[name];
  }
  const tables = verb === "readTable" ? ofTables : verb === "writeTable" ? ofTablesWritten : {};
  if (Object.hasOwn(tables, plainly(name))) return tables[plainly(name)];
  if (name === "recursive") return wholeFolder;
  if (Object.hasOwn(ofVerbs, name)) return ofVerbs[name];
  if (verb !== "resolve" && overrideChecks.has(name)) return `${name} belongs to the depot: data.with({ ${name} })`;
  return undefined;
}

/** For an option that `entrepot()`, `with()` or a bucket has not. */
export function depotHint(name: string): string | undefined {
  const plain = plainly(name);
  if (Object.hasOwn(ofDepots, plain)) return ofDepots[plain];
  return name === "signal" ? "it belongs to a call or to data.with({ signal })" : undefined;
}
