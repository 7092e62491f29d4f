/** Parameter files: contents by their hash, each stored once, however many policies have it. */
import { createHash } from "node:crypto";
import { EntrepotError, shownValue } from "../../error/index.ts";
import type { Bytes } from "../../store/index.ts";
import type { Bound } from "./bound.ts";
import { ChangedMeanwhile } from "./changed-meanwhile.ts";
import { contentsOf, forgetContents, lockContents } from "./contents.ts";
import { checkFileName, mostFileBytes, mostFiles, mostRunBytes, typeOfName } from "./names.ts";
import { found, notThere, type Parts } from "./parts.ts";
import type { FileRecord } from "./records.ts";
import type { Files } from "./run-store.ts";
import { lockUnstarted } from "./runs.ts";
import { unfit } from "./unfit.ts";

interface FileRow {
  readonly run_id: string;
  readonly policy_id: string;
  readonly name: string;
  readonly sha256: string;
  readonly changed_ms: number;
  readonly size_bytes: number;
  readonly is_text: boolean;
}

/** In the column: all policies. */
const all = "";

export function filesOf({ sql, now }: Parts): Files {
  return {
    async put(runId, policyId, name, content, { ifMatch } = {}) {
      checkFileName(name);
      const bytes = bytesOf(content);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return sql.transaction(async (inside) => {
        await lockUnstarted(inside, runId);
        await checkPolicy(inside, runId, policyId);
        await checkRoom(inside, runId, policyId ?? all, name, bytes.byteLength);
        await lockContents(inside);
        const before = await contentsOf(inside, runId, policyId ?? all, name);
        if (ifMatch !== undefined && before[0] !== ifMatch) throw new ChangedMeanwhile(`file ${JSON.stringify(name)}`);
        await inside.query(
          `INSERT INTO entrepot_runs.contents (sha256, size_bytes, is_text, data) VALUES ($1, $2, $3, $4)
          ON CONFLICT (sha256) DO NOTHING`,
          [sha256, bytes.byteLength, isText(bytes), bytes],
        );
        await inside.query(
          `INSERT INTO entrepot_runs.files (run_id, policy_id, name, sha256, changed_ms) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (run_id, policy_id, name) DO UPDATE SET sha256 = excluded.sha256, changed_ms = excluded.changed_ms`,
          [runId, policyId ?? all, name, sha256, now()],
        );
        await forgetContents(inside, before);
        return oneFile(inside, runId, policyId, name);
      });
    },
    async list(runId, policyId) {
      await checkPolicy(sql, runId, policyId);
      const rows = await sql.query<FileRow>(
        `SELECT f.*, c.size_bytes, c.is_text FROM entrepot_runs.files f JOIN entrepot_runs.contents c ON c.sha256 = f.sha256
        WHERE f.run_id = $1 AND ($2::text IS NULL OR f.policy_id IN ('', $2))
        ORDER BY f.name, f.policy_id`,
        [runId, policyId ?? null],
      );
      return filesOfPolicy(rows.map(fileOf), policyId);
    },
    async read(runId, policyId, name) {
      checkNamed(runId, policyId);
      const rows = await sql.query<{ readonly data: Uint8Array<ArrayBuffer> }>(
        `SELECT c.data FROM entrepot_runs.files f JOIN entrepot_runs.contents c ON c.sha256 = f.sha256
        WHERE f.run_id = $1 AND f.policy_id = $2 AND f.name = $3`,
        [runId, policyId ?? all, name],
      );
      const { data } = found(rows, `file ${JSON.stringify(name)} of ${whose(runId, policyId)}`);
      return new Uint8Array(data) as Bytes;
    },
    delete: (runId, policyId, name, { ifMatch } = {}) =>
      sql.transaction(async (inside) => {
        checkNamed(runId, policyId);
        await lockUnstarted(inside, runId);
        await lockContents(inside);
        const contents = await contentsOf(inside, runId, policyId ?? all, name);
        if (ifMatch !== undefined && contents[0] !== ifMatch)
          throw new ChangedMeanwhile(`file ${JSON.stringify(name)}`);
        const gone = await inside.query(
          "DELETE FROM entrepot_runs.files WHERE run_id = $1 AND policy_id = $2 AND name = $3 RETURNING name",
          [runId, policyId ?? all, name],
        );
        found(gone, `file ${JSON.stringify(name)} of ${whose(runId, policyId)}`);
        await forgetContents(inside, contents);
      }),
  };
}

/** Of all files of a run, in the order of `list`, those that one policy is given; all where none is named. */
export function filesOfPolicy(files: readonly FileRecord[], policyId: string | undefined): readonly FileRecord[] {
  if (policyId === undefined) return files;
  const given = files.filter((file) => file.policyId === undefined || file.policyId === policyId);
  // its own file stands before that of all
  return given.filter((file, at) => file.policyId !== undefined || given[at + 1]?.name !== file.name);
}

/** What means all policies in the table is no policy of anybody. Error: not-found. */
function checkNamed(runId: string, policyId: string | undefined): void {
  if (policyId === all) throw notThere(`policy "" of run ${JSON.stringify(runId)}`);
}

async function oneFile(sql: Bound, runId: string, policyId: string | undefined, name: string): Promise<FileRecord> {
  const rows = await sql.query<FileRow>(
    `SELECT f.*, c.size_bytes, c.is_text FROM entrepot_runs.files f JOIN entrepot_runs.contents c ON c.sha256 = f.sha256
    WHERE f.run_id = $1 AND f.policy_id = $2 AND f.name = $3`,
    [runId, policyId ?? all, name],
  );
  return fileOf(found(rows, `file ${JSON.stringify(name)} of ${whose(runId, policyId)}`));
}

async function checkPolicy(sql: Bound, runId: string, policyId: string | undefined): Promise<void> {
  if (policyId === undefined) {
    found(await sql.query("SELECT id FROM entrepot_runs.runs WHERE id = $1", [runId]), `run ${JSON.stringify(runId)}`);
    return;
  }
  found(
    await sql.query("SELECT id FROM entrepot_runs.policies WHERE run_id = $1 AND id = $2", [runId, policyId]),
    `policy ${JSON.stringify(policyId)} of run ${JSON.stringify(runId)}`,
  );
}

async function checkRoom(sql: Bound, runId: string, policyId: string, name: string, sizeBytes: number): Promise<void> {
  const rows = await sql.query<{ readonly count: number; readonly size_bytes: number }>(
    `SELECT count(*)::int AS count, COALESCE(sum(c.size_bytes), 0)::float8 AS size_bytes
    FROM entrepot_runs.files f JOIN entrepot_runs.contents c ON c.sha256 = f.sha256
    WHERE f.run_id = $1 AND NOT (f.policy_id = $2 AND f.name = $3)`,
    [runId, policyId, name],
  );
  const { count = 0, size_bytes = 0 } = rows[0] ?? {};
  const hint = "write large inputs to the bucket, and name them in a parameter file";
  if (count + 1 > mostFiles)
    throw new EntrepotError("limit-exceeded", `run ${runId} has ${mostFiles} parameter files, which is the most`, {
      hint,
    });
  if (size_bytes + sizeBytes > mostRunBytes)
    throw new EntrepotError(
      "limit-exceeded",
      `the parameter files of run ${runId} would be more than ${mostRunBytes} bytes`,
      { hint },
    );
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  if (typeof content !== "string" && !(content instanceof Uint8Array))
    throw unfit(new TypeError(`The content of a file is text or bytes, not ${shownValue(content)}`));
  if (typeof content === "string" && /\p{Surrogate}/u.test(content))
    throw unfit(new TypeError("The text of a file holds half a pair of surrogates, which UTF-8 cannot hold"));
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  if (bytes.byteLength > mostFileBytes)
    throw new EntrepotError(
      "limit-exceeded",
      `a parameter file of ${bytes.byteLength} bytes is larger than ${mostFileBytes}`,
      {
        hint: "write it to the bucket, and name it in a parameter file",
      },
    );
  return bytes;
}

/** UTF-8 without a NUL: what an editor shows. */
function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}

function fileOf(row: FileRow): FileRecord {
  return {
    runId: row.run_id,
    policyId: row.policy_id === all ? undefined : row.policy_id,
    name: row.name,
    type: typeOfName(row.name),
    isText: row.is_text,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    changedMs: row.changed_ms,
  };
}

function whose(runId: string, policyId: string | undefined): string {
  return policyId === undefined ? `run ${runId}` : `policy ${JSON.stringify(policyId)} of run ${runId}`;
}
