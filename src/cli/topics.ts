/** What concerns every command: `entrepot help addresses|settings|output|exit-codes`. */
import { exitMeanings } from "./exit-codes.ts";

export interface Topic {
  readonly name: string;
  readonly text: () => string;
}

export const topics: readonly Topic[] = [
  { name: "addresses", text: addresses },
  { name: "settings", text: settings },
  { name: "output", text: output },
  { name: "exit-codes", text: exitCodesTable },
];

function exitCodesTable(): string {
  const rows = exitMeanings.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `What the number that a command ends with means

${rows.join("\n")}

When several objects failed for the same reason, the code is that reason's; else it is 1.
entrepot serve ends with 0 when it is stopped: that is how it ends.
entrepot doctor and entrepot explain end with the code of the first problem.
`;
}

function addresses(): string {
  return `What an address may be

  s3://bucket/key        an object; the key is taken literally, never decoded
  s3://bucket/folder/    a folder: everything whose key begins with folder/
  s3://bucket  s3://     a bucket; the list of buckets
  ./x  ../x  /x  ~/x     a file or folder of this machine, from the working folder
  file:///x              the same, percent-decoded
  https://host/path      read-only
  anything/else          a bare name, under the root in force (entrepot help settings);
                         without roots, from the working folder
  -                      standard input or output, in cp
  --                     ends the options: what follows is an address even if it begins with -

In copies a source that ends in / means its contents, a target that ends in / means into it; so does
a target that is a folder of this machine already, with or without its /:

  entrepot cp s3://bucket/a.csv ./dir      ./dir/a.csv if ./dir is a folder, else the file ./dir
  entrepot cp a.csv s3://bucket/in/        s3://bucket/in/a.csv
  entrepot cp -r data/ s3://bucket/in/     s3://bucket/in/..., what lies in data
  entrepot cp -r data s3://bucket/in/      s3://bucket/in/data/..., the folder itself

Names are taken literally, * and ? included: they may stand in keys. With --glob (cat, cp, du, ls, mv,
rm) they are patterns; quote them, or the shell looks for files of this machine first:

  entrepot cp --glob 's3://bucket/data/*.csv' ./dir    each under its own name
  entrepot ls --glob 's3://bucket/**/*.csv'            at any depth
  entrepot du --glob 's3://bucket/run[0-9]*/'          folders
  entrepot rm --glob 's3://bucket/{a,b}[!0-9]?.txt'    [*] is a star itself

What matches keeps its path below the last folder without a wildcard: s3://bucket/*/x.csv into ./dir/
makes ./dir/2024/x.csv.
`;
}

function settings(): string {
  return `Who decides a setting, the first that says something:

  1. the options of the command line           --region us-east-2
  2. the environment                           ENTREPOT_*, AWS_*
  3. .env of the working folder                never endpoints, other files or commands
  4. ENTREPOT_ENV_FILE, else ~/.entrepot.env
  5. AWS's own files                           ~/.aws/config, ~/.aws/credentials

  AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID ...   as everywhere
  ENTREPOT_ENDPOINT            an S3 server other than AWS
  ENTREPOT_ADDRESSING          path or virtual
  ENTREPOT_ANONYMOUS           1: do not sign
  ENTREPOT_NETWORK             auto, online or offline
  ENTREPOT_OUTBOX              1: writes wait on this disk while the server is away
  ENTREPOT_CACHE               0: keep nothing on this disk
  ENTREPOT_CACHE_DIR           where local copies are kept
  ENTREPOT_CACHE_MODE          permission bits, e.g. 660 for a team
  ENTREPOT_CACHE_MAX_BYTES     e.g. 200GB
  ENTREPOT_CACHE_MAX_OBJECTS   how many, e.g. 100000
  ENTREPOT_CACHE_OLDER_THAN    what was fetched longer ago goes, e.g. 90d
  ENTREPOT_CACHE_UNUSED_FOR    what nobody read for so long goes, e.g. 30d
  ENTREPOT_CACHE_MIN_FREE_BYTES  what stays free on the disk, e.g. 20GB
  ENTREPOT_CACHE_MAX_AGE       how long a copy is trusted without asking, e.g. 10m
  ENTREPOT_ROOT_<NAME>         where bare names lie, e.g. ENTREPOT_ROOT_CLOUD=s3://bucket/v2/
  ENTREPOT_LOCATION            which of these roots is in force
  ENTREPOT_CONCURRENCY         requests in flight, default 32
  ENTREPOT_MEMORY              of streams and open files, default 96MiB
  ENTREPOT_REDIRECTS           of http addresses: same-host, or any
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY     as with curl; never for this machine itself
  AWS_CA_BUNDLE                certificate authorities of your own, beside the usual ones

A request is tried 10 times within 3 minutes, less often with --attempts. A server that refuses every
connection from the start is given up after 3 seconds, unless --attempts is given.

entrepot doctor shows every one of them and who decided.
`;
}

function output(): string {
  return `What is written where

Results go to standard output, everything else (progress, warnings, errors, sums) to standard error.
Progress is shown on a terminal only. --quiet leaves results and errors.

With --json each result is one JSON object on one line, with a "type"; errors are objects of type
"error" on standard error, with code, message, uri, hint, exitCode and, where several objects failed,
failures. Sizes are bytes, times milliseconds since 1970.

In text, control characters, bidirectional marks and escape sequences in names are written as \\x1b or
\\u{202e}; JSON has the exact names. ls -0 ends each exact name with a zero byte, for xargs -0.
`;
}
