/** Runs and their policies. What a run is made of is fixed when it starts. */
import { EntrepotError, shownValue } from "../../error/index.ts";
import { deepestJson, isDeeper } from "../../format/index.ts";
import type { Bound } from "./bound.ts";
import { ChangedMeanwhile } from "./changed-meanwhile.ts";
import { contentsOf, forgetContents, lockContents } from "./contents.ts";
import { checkCount, checkSegment, checkText, mostOptionBytes, mostPolicies } from "./names.ts";
import { found, lockRun, type Parts } from "./parts.ts";
import type { RunOptions, RunRecord } from "./records.ts";
import { readRun, readSummaries } from "./run-rows.ts";
import type { Models, Runs } from "./run-store.ts";
import { checkOrder } from "./stacking-order.ts";
import { startingOf } from "./tasks/start.ts";
import { unfit } from "./unfit.ts";

const longestTimeoutSeconds = 86_400 * 30;
const mostRetries = 100;

export function runsOf(parts: Parts, models: Models): Runs {
  const { sql, now, newId } = parts;
  /** Changes what is not started yet, and gives the run as it is then. */
  const beforeStart = async (runId: string, work: (inside: Bound) => Promise<unknown>): Promise<RunRecord> => {
    await sql.transaction(async (inside) => {
      await lockUnstarted(inside, runId);
      await work(inside);
    });
    return readRun(sql, runId);
  };
  return {
    ...startingOf(parts),
    get: (runId) => readRun(sql, runId),
    async create({ model, version, policies = [], options = {}, ...run }) {
      const { name, description = "", baselineFirst = false, retries = 2, timeoutSeconds } = run;
      const known = await models.version(model, version);
      const id = newId();
      const values = [
        name === undefined ? id : checkText("name", name),
        checkText("description", description),
        optionsText(options),
        baselineFirst === true,
        checkCount("retries", retries, 0, mostRetries),
        timeoutSeconds === undefined ? null : checkCount("timeoutSeconds", timeoutSeconds, 1, longestTimeoutSeconds),
      ];
      checkCount("The number of policies", policies.length, 0, mostPolicies);
      const rows = policies.map((policy, position) => ({ id: checkSegment("policy", policy), position }));
      const twice = policies.find((policy, at) => policies.indexOf(policy) !== at);
      if (twice !== undefined) throw thereAlready(twice);
      checkOrder(options, policies);
      await sql.transaction(async (inside) => {
        const still = await inside.query(
          "SELECT version FROM entrepot_runs.versions WHERE model = $1 AND version = $2 AND deleted_ms IS NULL FOR SHARE",
          [known.model, known.version],
        );
        found(still, `version ${JSON.stringify(known.version)} of model ${JSON.stringify(model)}`);
        await inside.query(
          `INSERT INTO entrepot_runs.runs (id, model, version, created_ms, state, name, description, options, baseline_first, retries, timeout_seconds)
          VALUES ($1, $2, $3, $4, 'created', $5, $6, $7, $8, $9, $10)`,
          [id, known.model, known.version, now(), ...values],
        );
        await inside.query(
          `INSERT INTO entrepot_runs.policies (run_id, id, position)
          SELECT $1, p.id, p.position FROM jsonb_to_recordset($2::jsonb) AS p (id text, position integer)`,
          [id, JSON.stringify(rows)],
        );
      });
      return readRun(sql, id);
    },
    addPolicy(runId, given) {
      const added = typeof given === "string" ? [given] : given;
      for (const policyId of added) checkSegment("policy", policyId);
      return beforeStart(runId, async (inside) => {
        const { policies } = await readRun(inside, runId);
        checkCount("The number of policies", policies.length + added.length, 0, mostPolicies);
        for (const [at, policyId] of added.entries()) {
          if (policies.includes(policyId) || added.indexOf(policyId) < at) throw thereAlready(policyId);
          await inside.query(
            `INSERT INTO entrepot_runs.policies (run_id, id, position)
            SELECT $1, $2, COALESCE(max(position) + 1, 0) FROM entrepot_runs.policies WHERE run_id = $1`,
            [runId, policyId],
          );
        }
      });
    },
    deletePolicy: (runId, policyId) =>
      beforeStart(runId, async (inside) => {
        const gone = await inside.query(
          "DELETE FROM entrepot_runs.policies WHERE run_id = $1 AND id = $2 RETURNING id",
          [runId, policyId],
        );
        found(gone, `policy ${JSON.stringify(policyId)} of run ${runId}`);
        await lockContents(inside);
        const contents = await contentsOf(inside, runId, policyId);
        await inside.query("DELETE FROM entrepot_runs.files WHERE run_id = $1 AND policy_id = $2", [runId, policyId]);
        await forgetContents(inside, contents);
      }),
    change(runId, { name, description, options, baselineFirst, retries, timeoutSeconds }, { ifMatch } = {}) {
      const values = [
        name === undefined ? null : checkText("name", name),
        description === undefined ? null : checkText("description", description),
        options === undefined ? null : optionsText(options),
        baselineFirst ?? null,
        retries === undefined ? null : checkCount("retries", retries, 0, mostRetries),
        timeoutSeconds === undefined ? null : checkCount("timeoutSeconds", timeoutSeconds, 1, longestTimeoutSeconds),
      ];
      return beforeStart(runId, async (inside) => {
        if (ifMatch !== undefined && (await readRun(inside, runId)).etag !== ifMatch)
          throw new ChangedMeanwhile(`run ${runId}`);
        if (options !== undefined) checkOrder(options, (await readRun(inside, runId)).policies);
        await inside.query(
          `UPDATE entrepot_runs.runs SET name = COALESCE($2, name), description = COALESCE($3, description),
            options = COALESCE($4, options), baseline_first = COALESCE($5::boolean, baseline_first),
            retries = COALESCE($6::integer, retries), timeout_seconds = COALESCE($7::integer, timeout_seconds)
          WHERE id = $1`,
          [runId, ...values],
        );
      });
    },
    async list({ model, version, state, search, models: allowed, after, limit = 50 } = {}) {
      checkCount("limit", limit, 1, 1_000);
      const items = await readSummaries(sql, {
        model: model ?? null,
        version: version ?? null,
        state: state ?? null,
        search: search === undefined || search === "" ? null : search,
        models: allowed === undefined ? null : JSON.stringify(allowed),
        before: after ?? null,
        // one more says whether there is a next page
        limit: limit + 1,
      });
      const page = items.slice(0, limit);
      return { items: page, next: items.length > limit ? page.at(-1)?.id : undefined };
    },
    delete: (runId) =>
      sql.transaction(async (inside) => {
        const { state } = await lockRun(inside, runId);
        if (state === "running")
          throw new EntrepotError("precondition-failed", `run ${runId} is running`, { hint: "cancel it first" });
        await lockContents(inside);
        const contents = await contentsOf(inside, runId);
        await inside.query("DELETE FROM entrepot_runs.runs WHERE id = $1", [runId]);
        await forgetContents(inside, contents);
      }),
  };
}

/** Takes the lock of a run that is not started. Error: precondition-failed. */
export async function lockUnstarted(sql: Bound, runId: string): Promise<void> {
  const { state } = await lockRun(sql, runId);
  if (state === "created") return;
  throw new EntrepotError("precondition-failed", `run ${runId} was started, and what it is made of is fixed since`, {
    hint: "make a new run",
  });
}

/** As JSON, keys as they are. TypeError for what JSON cannot hold, RangeError for what is nested too deep. */
function optionsText(options: RunOptions): string {
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw unfit(new TypeError(`The options of a run are an object, not ${shownValue(options)}`));
  if (isDeeper(options, deepestJson))
    throw unfit(new RangeError(`The options of a run are nested more than ${deepestJson} deep`));
  const text = JSON.stringify(options, (key, value: unknown) => {
    if (value === undefined || typeof value === "function" || typeof value === "symbol" || typeof value === "bigint")
      throw unfit(new TypeError(`Option ${JSON.stringify(key)} is ${typeof value}, which JSON cannot hold`));
    if (typeof value === "number" && !Number.isFinite(value))
      throw unfit(new TypeError(`Option ${JSON.stringify(key)} is ${value}, which JSON cannot hold`));
    return value;
  });
  const size = Buffer.byteLength(text);
  if (size <= mostOptionBytes) return text;
  throw new EntrepotError("limit-exceeded", `the options are ${size} bytes as JSON, more than ${mostOptionBytes}`, {
    hint: "put what is large into a parameter file",
  });
}

function thereAlready(policyId: string): EntrepotError {
  return new EntrepotError("already-exists", `the run has a policy ${JSON.stringify(policyId)} already`, {
    hint: "give it another id",
  });
}
