/** Letting go what was pinned. It needs no network. */
import type { Desk } from "../desk.ts";
import type { Usage } from "../maintain.ts";
import type { Pin, PinMember } from "./pin-format.ts";
import { entryOf } from "./pin-marks.ts";
import { removePin } from "./pinning.ts";

export interface UnpinRequest {
  /** An object's key, or what keys begin with. */
  readonly key: string;
  /** Whether `key` is what keys begin with. */
  readonly below: boolean;
  readonly versionId?: string | undefined;
}

/** Pins of larger folders stay, with all they hold. Of lists, the objects at the address go. Errors of the disk. */
export async function unpin(desk: Desk, request: UnpinRequest): Promise<Usage> {
  const identity = JSON.stringify(desk.options.identity);
  const usage = { objects: 0, sizeBytes: 0 };
  for (const pin of await desk.pins.all()) {
    if (pin.root !== desk.store.uri || JSON.stringify(pin.identity) !== identity) continue;
    const { asked } = pin;
    const gone = isMeant(asked.kind, asked, request)
      ? await removePin(desk.pins, pin.id)
      : asked.kind === "list"
        ? await removeMembers(desk, pin, request)
        : undefined;
    usage.objects += gone?.objects ?? 0;
    usage.sizeBytes += gone?.sizeBytes ?? 0;
  }
  return usage;
}

function isMeant(kind: Pin["asked"]["kind"], asked: Pin["asked"], { key, below, versionId }: UnpinRequest): boolean {
  if (kind === "list") return false;
  if (below) return asked.key.startsWith(key);
  return kind === "object" && asked.key === key && asked.versionId === versionId;
}

async function removeMembers(desk: Desk, pin: Pin, request: UnpinRequest): Promise<Usage | undefined> {
  const { pins } = desk;
  const file = await pins.open(pin.id);
  if (file === undefined) return undefined;
  const { writer } = await pins.write();
  const gone: PinMember[] = [];
  try {
    for await (const member of file.members()) {
      if (isAt(member, request)) gone.push(member);
      else await writer.add(member);
    }
    if (gone.length === 0) return undefined;
    const { objects } = await writer.finish(pin);
    if (objects === 0) return await removePin(pins, pin.id);
    await writer.publish(pins.pathOf(pin.id));
    for (const member of gone) await pins.liftMark(entryOf(pin, member), pin.id);
    return { objects: gone.length, sizeBytes: gone.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  } finally {
    await file.close();
    await writer.discard();
  }
}

function isAt(member: PinMember, { key, below, versionId }: UnpinRequest): boolean {
  return below ? member.key.startsWith(key) : member.key === key && member.versionId === versionId;
}
