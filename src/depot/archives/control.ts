/** `data.archive(uri)`: asks for nothing by itself; what it does is loaded with the first question. */
import { textOf } from "../../format/index.ts";
import { type Bytes, toWebStream } from "../../store/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { withClosedOptions } from "../closed-options.ts";
import type { Context } from "../context.ts";
import type { SignalOptions } from "../options.ts";
import type { OpenArchive } from "./archive.ts";
import type { Archive, ArchiveMember, ArchiveOptions } from "./types.ts";

export function archiveOf(context: Context, address: Address, options: ArchiveOptions = {}): Archive {
  const location = context.locate(address, "read");
  const uri = formatUri(location);
  let opened: Promise<OpenArchive> | undefined;
  let isClosed = false;
  const open = async (): Promise<OpenArchive> => {
    if (isClosed) throw new TypeError(`the archive ${uri} was closed`);
    if (opened === undefined) {
      const opening = load();
      opened = opening;
      // a failure is not remembered
      opening.catch(() => {
        if (opened === opening) opened = undefined;
      });
    }
    return opened;
  };
  const load = async () => {
    const { OpenArchive: Opened } = await import("./archive.ts");
    return new Opened(context, await context.placeOf(location), options);
  };
  async function* members(asked: SignalOptions): AsyncGenerator<ArchiveMember> {
    yield* (await open()).members(asked);
  }
  async function* bytes(path: string, asked: SignalOptions): AsyncGenerator<Bytes> {
    yield* (await open()).bytes(path, asked);
  }
  const whole = async (path: string, asked: SignalOptions): Promise<Bytes> => (await open()).whole(path, asked);
  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await (await opened?.catch(() => undefined))?.close();
  };
  const room: Archive = {
    uri,
    list: (asked = {}) => ({
      [Symbol.asyncIterator]: () => members(asked),
      async toArray() {
        const all: ArchiveMember[] = [];
        for await (const member of members(asked)) all.push(member);
        return all;
      },
    }),
    readBytes: (path, asked = {}) => whole(path, asked),
    readText: async (path, asked = {}) => textOf(await whole(path, asked), { uri: `${uri}: ${path}` }),
    readStream: (path, asked = {}) => toWebStream(bytes(path, asked)),
    close,
    [Symbol.asyncDispose]: close,
  };
  return { ...withClosedOptions(room, "archive."), [Symbol.asyncDispose]: close };
}
