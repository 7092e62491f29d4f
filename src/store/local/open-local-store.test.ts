import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { isReservedName, openNodeDisk, safeJoin } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { storeContract } from "../../testing/index.ts";
import { openLocalStore } from "./index.ts";

describe("a folder keeps the contract", () => {
  const open = async () => {
    const root = await mkdtemp(join(tmpdir(), "entrepot-local-"));
    const store = openLocalStore({ disk: openNodeDisk(), root, durable: false });
    return { store, close: () => rm(root, { recursive: true }) };
  };
  const cannotHold = (key: string): string | undefined => {
    try {
      return isReservedName(safeJoin("/r", key).split("/").at(-1) ?? "") ? "a reserved name" : undefined;
    } catch (error) {
      if (isEntrepotError(error)) return error.message;
      throw error;
    }
  };
  const traits = { keepsMetadata: false, filesAndFoldersClash: true, cannotHold };
  for (const { name, run } of storeContract({ open, traits })) test(name, run);
});
