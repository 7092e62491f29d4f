/** What is known of an object of which only pieces are here: from the server, or from a piece when that is all there is. */
import { isEntrepotError } from "../../error/index.ts";
import { isStrongEtag, type ObjectInfo } from "../../store/index.ts";
import type { Desk } from "../desk.ts";
import type { EntryId } from "../layout.ts";
import type { PiecedVersion } from "./pieces.ts";
import { isVersionFresh } from "./read-pieces.ts";

/** `ask` is the question to the server. Errors as that one. */
export async function inspectPieces(
  desk: Desk,
  id: EntryId,
  version: PiecedVersion,
  ask: () => Promise<ObjectInfo | "out-of-reach">,
): Promise<{ readonly info: ObjectInfo; readonly isAnswer: boolean }> {
  const { shelf, options, changes, now } = desk;
  const given = { info: version.info, isAnswer: false };
  const tellAge = () => options.onStale?.({ uri: id.uri, ageMs: Math.max(0, now() - version.checkedMs) });
  if (options.network === "offline") {
    if (!id.immutable) tellAge();
    return given;
  }
  if (isVersionFresh(desk, id, version)) return given;
  const operation = changes.beginRead(id.hash);
  try {
    const info = await ask();
    if (info === "out-of-reach") {
      tellAge();
      return given;
    }
    if (info.etag === version.info.etag && isStrongEtag(info.etag)) shelf.pieces.confirm(version);
    else await shelf.pieces.keepOnly(id.hash, info.etag);
    return { info, isAnswer: true };
  } catch (error) {
    if (isEntrepotError(error, "not-found")) await shelf.forget(id.hash, () => operation.isNewest());
    throw error;
  } finally {
    operation.end();
  }
}
