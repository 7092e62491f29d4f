/** A file in which AWS's tools keep a session's token: read at each use, because the CLI and other processes renew it, too. */
import { hash } from "node:crypto";
import { isEntrepotError } from "../../../../error/index.ts";
import type { AwsWorld } from "../aws-world.ts";
import { jsonObject } from "./ask.ts";

export type TokenFields = Readonly<Record<string, unknown>>;

export class TokenFile {
  readonly path: string;
  readonly #world: AwsWorld;
  /** What could not be written; a refresh token that was used once is of no more use. */
  #unwritten: TokenFields | undefined;

  /** `name` is hashed into the file's name. */
  constructor(world: AwsWorld, folder: string, algorithm: "sha1" | "sha256", name: string) {
    this.#world = world;
    this.path = `${folder}/${hash(algorithm, name)}.json`;
  }

  /** `undefined` when there is none, or none that is an object. */
  async read(): Promise<TokenFields | undefined> {
    return this.#unwritten ?? jsonObject((await this.#world.readFile(this.path)) ?? "");
  }

  /** Replaces the file for all; where that is not allowed, for this process alone. */
  async write(fields: TokenFields): Promise<void> {
    this.#unwritten = undefined;
    try {
      await this.#world.writePrivateFile(this.path, JSON.stringify(fields));
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      this.#unwritten = fields;
    }
  }
}

/** `2026-11-22T12:00:00Z`, as AWS's tools write it. */
export function formatMoment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
