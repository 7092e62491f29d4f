/** Models and their versions. A name of a version is used once, so that its snapshots and outputs are nobody else's. */
import { EntrepotError } from "../../error/index.ts";
import { checkSegment, checkText } from "./names.ts";
import { found, type Parts } from "./parts.ts";
import { checkProgram } from "./program.ts";
import type { Model, ModelVersion, Program, RunSummary } from "./records.ts";
import type { Models } from "./run-store.ts";

interface ModelRow {
  readonly name: string;
  readonly description: string;
  readonly created_ms: number;
  readonly version: string | null;
  readonly versions: number;
  readonly runs: number;
}

interface VersionRow {
  readonly model: string;
  readonly version: string;
  readonly description: string;
  readonly program: string;
  readonly deployed_ms: number;
}

const modelRows = `SELECT m.name, m.description, m.created_ms,
    (SELECT v.version FROM entrepot_runs.versions v WHERE v.model = m.name AND v.deleted_ms IS NULL ORDER BY v.number DESC LIMIT 1) AS version,
    (SELECT count(*)::int FROM entrepot_runs.versions v WHERE v.model = m.name AND v.deleted_ms IS NULL) AS versions,
    (SELECT count(*)::int FROM entrepot_runs.runs r WHERE r.model = m.name) AS runs
  FROM entrepot_runs.models m
  WHERE m.deleted_ms IS NULL AND ($1::text IS NULL OR m.name = $1)
  ORDER BY m.name`;

const versionRows = `SELECT v.model, v.version, v.description, v.program, v.deployed_ms
  FROM entrepot_runs.versions v
  WHERE v.model = $1 AND v.deleted_ms IS NULL AND ($2::text IS NULL OR v.version = $2)
  ORDER BY v.number DESC`;

export function modelsOf({ sql, now }: Parts): Models {
  const get = async (name: string): Promise<Model> => {
    return modelOf(found(await sql.query<ModelRow>(modelRows, [name]), `model ${JSON.stringify(name)}`));
  };
  const version = async (model: string, name?: string): Promise<ModelVersion> => {
    const rows = await sql.query<VersionRow>(versionRows, [model, name ?? null]);
    if (rows.length === 0) await get(model);
    return versionOf(
      found(
        rows,
        name === undefined
          ? `version of model ${JSON.stringify(model)}`
          : `version ${JSON.stringify(name)} of model ${JSON.stringify(model)}`,
      ),
    );
  };
  return {
    get,
    version,
    async add(name, { description = "" } = {}) {
      checkSegment("model", name);
      checkText("description", description);
      const made = await sql.query(
        `INSERT INTO entrepot_runs.models (name, description, created_ms) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET description = excluded.description, deleted_ms = NULL
          WHERE models.deleted_ms IS NOT NULL
        RETURNING name`,
        [name, description, now()],
      );
      if (made.length === 0)
        throw new EntrepotError("already-exists", `there is a model ${JSON.stringify(name)} already`, {
          hint: "deploy a new version of it",
        });
      return get(name);
    },
    async deploy(model, { program, version: wanted, description = "" }) {
      checkSegment("model", model);
      if (wanted !== undefined) checkSegment("version", wanted);
      checkText("description", description);
      const stored = JSON.stringify(checkProgram(program));
      const name = await sql.transaction(async (inside) => {
        const rows = await inside.query(
          "SELECT name FROM entrepot_runs.models WHERE name = $1 AND deleted_ms IS NULL FOR UPDATE",
          [model],
        );
        found(rows, `model ${JSON.stringify(model)}`);
        const taken = await inside.query<{ readonly version: string; readonly number: number }>(
          "SELECT version, number FROM entrepot_runs.versions WHERE model = $1",
          [model],
        );
        const names = new Set(taken.map((each) => each.version));
        const chosen = wanted ?? nextVersion(names);
        if (names.has(chosen))
          throw new EntrepotError("already-exists", `model ${model} has or had a version ${JSON.stringify(chosen)}`, {
            hint: "a name is used once, because snapshots and outputs lie under it: choose another, or none for the next free one",
          });
        const number = 1 + taken.reduce((most, each) => Math.max(most, each.number), 0);
        await inside.query(
          `INSERT INTO entrepot_runs.versions (model, version, number, description, program, deployed_ms)
          VALUES ($1, $2, $3, $4, $5, $6)`,
          [model, chosen, number, description, stored, now()],
        );
        return chosen;
      });
      return version(model, name);
    },
    async list() {
      return (await sql.query<ModelRow>(modelRows, [null])).map(modelOf);
    },
    async versions(model) {
      const rows = await sql.query<VersionRow>(versionRows, [model, null]);
      if (rows.length === 0) await get(model);
      return rows.map(versionOf);
    },
    async delete(model, name) {
      if (name === undefined) await get(model);
      else await version(model, name);
      await sql.transaction(async (inside) => {
        await inside.query("SELECT name FROM entrepot_runs.models WHERE name = $1 FOR UPDATE", [model]);
        // whoever is making a run of one is waited for, and counted
        await inside.query("SELECT version FROM entrepot_runs.versions WHERE model = $1 ORDER BY version FOR UPDATE", [
          model,
        ]);
        const runs = await inside.query<{ readonly count: number }>(
          "SELECT count(*)::int AS count FROM entrepot_runs.runs WHERE model = $1 AND ($2::text IS NULL OR version = $2)",
          [model, name ?? null],
        );
        const count = runs[0]?.count ?? 0;
        if (count > 0)
          throw new EntrepotError(
            "not-empty",
            `${count} runs of ${model}${name === undefined ? "" : ` ${name}`} are there`,
            {
              hint: "delete its runs first",
            },
          );
        await inside.query(
          `UPDATE entrepot_runs.versions SET deleted_ms = $3
          WHERE model = $1 AND ($2::text IS NULL OR version = $2) AND deleted_ms IS NULL`,
          [model, name ?? null, now()],
        );
        if (name === undefined)
          await inside.query("UPDATE entrepot_runs.models SET deleted_ms = $2 WHERE name = $1", [model, now()]);
      });
    },
  };
}

/** The name-space of the snapshots of a version: neither name holds an @. */
export function snapshotsOf(model: string, version: string): string {
  return `${model}@${version}`;
}

/** Where a policy of a run writes, below a root: no name holds a slash. */
export function outputFolder(
  { model, version, id }: Pick<RunSummary, "model" | "version" | "id">,
  policyId: string,
): string {
  return `${model}/${version}/${id}/${policyId}/`;
}

function nextVersion(taken: ReadonlySet<string>): string {
  for (let number = taken.size + 1; ; number += 1) if (!taken.has(`v${number}`)) return `v${number}`;
}

function modelOf({ name, description, created_ms, version, versions, runs }: ModelRow): Model {
  return { name, description, createdMs: created_ms, version: version ?? undefined, versions, runs };
}

function versionOf({ model, version, description, program, deployed_ms }: VersionRow): ModelVersion {
  return {
    model,
    version,
    description,
    program: JSON.parse(program) as Program,
    deployedMs: deployed_ms,
    snapshots: snapshotsOf(model, version),
  };
}
