/** Letting go what was pinned. It needs no network. */
import type { Desk } from "../desk.ts";
import type { Usage } from "../usage.ts";
import { type Asked, digestOf, type Pin, type PinMember, pinId } from "./pin-format.ts";
import { entryOf } from "./pin-marks.ts";
import { removePin } from "./pinning.ts";

/** All that begins with a text, or just these objects. */
export type UnpinRequest =
  | { readonly below: string; readonly objects?: never }
  | { readonly below?: never; readonly objects: readonly Pick<PinMember, "key" | "versionId">[] };

/** Pins of larger folders stay, with all they hold. Of lists, the objects that are meant go. Errors of the disk. */
export async function unpin(desk: Desk, request: UnpinRequest): Promise<Usage> {
  const identity = JSON.stringify(desk.options.identity);
  const isMeant = meaning(request);
  const usage = { objects: 0, sizeBytes: 0 };
  const pins = await desk.pins.all();
  for (const pin of pins) {
    if (pin.root !== desk.store.uri || JSON.stringify(pin.identity) !== identity) continue;
    const gone = await letGo(desk, pin, request, isMeant);
    usage.objects += gone?.objects ?? 0;
    usage.sizeBytes += gone?.sizeBytes ?? 0;
  }
  const readable = new Set(pins.map(({ id }) => id));
  const damaged = new Set((await desk.pins.ids()).filter((id) => !readable.has(id)));
  if (damaged.size > 0) for (const id of idsOf(desk, request)) if (damaged.has(id)) await removePin(desk.pins, id);
  return usage;
}

/** Of the pins that were made by asking for just this: what is damaged has no other name. */
function idsOf({ options, store }: Desk, { below, objects }: UnpinRequest): string[] {
  const asked: Asked[] =
    objects === undefined
      ? [
          { kind: "folder", key: below },
          { kind: "prefix", key: below },
        ]
      : [
          ...objects.map(({ key, versionId }) => ({ kind: "object", key, versionId }) as const),
          { kind: "list", key: digestOf(objects) },
        ];
  return asked.map((each) => pinId(options.identity, store.uri, each));
}

type Meaning = (object: Pick<PinMember, "key" | "versionId">) => boolean;

function meaning({ below, objects }: UnpinRequest): Meaning {
  if (objects === undefined) return ({ key }) => key.startsWith(below);
  const named = new Set(objects.map(nameOf));
  return (object) => named.has(nameOf(object));
}

function nameOf({ key, versionId }: Pick<PinMember, "key" | "versionId">): string {
  return JSON.stringify([key, versionId ?? null]);
}

async function letGo(desk: Desk, pin: Pin, { below }: UnpinRequest, isMeant: Meaning): Promise<Usage | undefined> {
  const { kind } = pin.asked;
  if (kind === "list") return removeMembers(desk, pin, isMeant);
  if (kind !== "object" && below === undefined) return undefined;
  return isMeant(pin.asked) ? removePin(desk.pins, pin.id) : undefined;
}

async function removeMembers(desk: Desk, pin: Pin, isMeant: Meaning): Promise<Usage | undefined> {
  const { pins } = desk;
  const file = await pins.open(pin.id);
  if (file === undefined) return undefined;
  const { writer } = await pins.write();
  const gone: PinMember[] = [];
  try {
    for await (const member of file.members()) {
      if (isMeant(member)) gone.push(member);
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
