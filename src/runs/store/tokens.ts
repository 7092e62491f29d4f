/** Tokens of the HTTP API: 128 bits by chance, kept as a hash only, each for a role and some models. */
import { createHash } from "node:crypto";
import { EntrepotError } from "../../error/index.ts";
import { newSecret } from "./ids.ts";
import { checkSegment, checkText } from "./names.ts";
import type { Parts } from "./parts.ts";
import { type TokenRecord, type TokenRole, tokenRoles } from "./records.ts";
import type { Tokens } from "./run-store.ts";

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly models: string | null;
  readonly created_ms: number;
  readonly expires_ms: number | null;
}

/** What a token of ours begins with, so that tools that look for secrets find it. */
const prefix = "entrepot_";
const roles: ReadonlySet<string> = new Set<TokenRole>(tokenRoles);

export function tokensOf({ sql, now, newId }: Parts): Tokens {
  return {
    async create({ name, role, models, expiresMs }) {
      checkText("name", name);
      if (!roles.has(role)) throw new RangeError("The role of a token is read, run or admin");
      for (const model of models ?? []) checkSegment("model", model);
      if (role === "admin" && models !== undefined)
        throw new EntrepotError("misconfigured", "an admin is one of all models", {
          hint: "take the role run for some models",
        });
      const token = `${prefix}${newSecret()}`;
      const id = newId();
      await sql.query(
        `INSERT INTO entrepot_runs.tokens (id, name, hash, role, models, created_ms, expires_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, name, hashOf(token), role, models === undefined ? null : JSON.stringify(models), now(), expiresMs ?? null],
      );
      const rows = await sql.query<TokenRow>(
        "SELECT id, name, role, models, created_ms, expires_ms FROM entrepot_runs.tokens WHERE id = $1",
        [id],
      );
      return { token, record: tokenOf(rows[0] as TokenRow) };
    },
    async check(token) {
      if (!token.startsWith(prefix) || token.length > 100) return undefined;
      // a hash is looked for, so that how long it takes says nothing of the token
      const rows = await sql.query<TokenRow>(
        `SELECT id, name, role, models, created_ms, expires_ms FROM entrepot_runs.tokens
        WHERE hash = $1 AND (expires_ms IS NULL OR expires_ms > $2)`,
        [hashOf(token), now()],
      );
      return rows[0] && tokenOf(rows[0]);
    },
    async list() {
      const rows = await sql.query<TokenRow>(
        "SELECT id, name, role, models, created_ms, expires_ms FROM entrepot_runs.tokens ORDER BY id",
      );
      return rows.map(tokenOf);
    },
    async delete(id) {
      await sql.query("DELETE FROM entrepot_runs.tokens WHERE id = $1", [id]);
    },
  };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function tokenOf({ id, name, role, models, created_ms, expires_ms }: TokenRow): TokenRecord {
  return {
    id,
    name,
    role,
    models: models === null ? undefined : (JSON.parse(models) as readonly string[]),
    createdMs: created_ms,
    expiresMs: expires_ms ?? undefined,
  };
}
