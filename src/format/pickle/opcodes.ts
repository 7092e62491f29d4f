/** The operations of protocols 0 to 5, each by its byte. Extension codes, persistent ids and buffers kept elsewhere are refused. */

import { isDict } from "./draft.ts";
import { malformed, notSupported } from "./fault.ts";
import { dictBytes, listBytes, placeBytes, textBytes } from "./limits.ts";
import { bytesOfRepr, floatOfText, intOfBytes, intOrBool, longOfText, python2Str, textOfEscaped } from "./literals.ts";
import type { Machine } from "./machine.ts";

type Operation = (machine: Machine) => void;

/** The last of a pickle; what follows it is another's. */
export const stop = 0x2e;
const maxProtocol = 5;

const pushText = (machine: Machine, length: number) => {
  machine.cursor.expect(length);
  machine.budget.spend(textBytes + length);
  machine.stack.push(machine.cursor.text(length));
};
const pushBytes = (machine: Machine, length: number) => {
  machine.budget.spend(3 * textBytes);
  machine.stack.push(machine.cursor.bytes(length));
};
const pushStr = (machine: Machine, latin1: string) => {
  machine.budget.spend(3 * textBytes + latin1.length);
  machine.stack.push(python2Str(latin1));
};
const pushLong = (machine: Machine, length: number) => {
  machine.cursor.expect(length);
  machine.budget.spend(textBytes + length);
  machine.stack.push(intOfBytes(machine.cursor.bytes(length)));
};
const pushTuple = (machine: Machine, items: unknown[]) => {
  machine.budget.container(listBytes + placeBytes * items.length);
  machine.freezeLater(items);
  machine.stack.push(items);
};
const pushFrozenSet = (machine: Machine) => {
  const items = machine.popMark();
  machine.budget.container(dictBytes + 5 * placeBytes * items.length);
  const set = machine.newSet(items);
  machine.freezeLater(set);
  machine.stack.push(set);
};
const pushDict = (machine: Machine, pairs: readonly unknown[]) => {
  machine.budget.container(dictBytes);
  machine.stack.push(Object.create(null));
  if (pairs.length > 0) machine.setItems(pairs);
};
/** Places of the memo that are written as text. */
const placeOf = (machine: Machine): number => {
  const line = machine.cursor.line();
  if (!/^\d{1,15}$/.test(line)) throw malformed("a place of the memo is none");
  return Number(line);
};

function length32(machine: Machine): number {
  const length = machine.cursor.int32();
  if (length < 0) throw malformed("a length is negative");
  return length;
}

const refused =
  (what: string): Operation =>
  () => {
    throw notSupported(what, "write it with pickle.dump() alone, without a pickler of one's own");
  };

const entries: readonly (readonly [number, Operation])[] = [
  // the frame
  [0x80, protocol],
  [0x95, frame],
  // single values
  [0x4e, (m) => void m.stack.push(null)],
  [0x88, (m) => void m.stack.push(true)],
  [0x89, (m) => void m.stack.push(false)],
  [0x4b, (m) => void m.stack.push(m.cursor.uint8())],
  [0x4d, (m) => void m.stack.push(m.cursor.uint16())],
  [0x4a, (m) => void m.stack.push(m.cursor.int32())],
  [0x49, (m) => void m.stack.push(intOrBool(m.cursor.line()))],
  [0x4c, (m) => void m.stack.push(longOfText(m.cursor.line()))],
  [0x8a, (m) => pushLong(m, m.cursor.uint8())],
  [0x8b, (m) => pushLong(m, length32(m))],
  [0x46, (m) => void m.stack.push(floatOfText(m.cursor.line()))],
  [0x47, (m) => void m.stack.push(m.cursor.float64())],
  [0x8c, (m) => pushText(m, m.cursor.uint8())],
  [0x58, (m) => pushText(m, m.cursor.uint32())],
  [0x8d, (m) => pushText(m, m.cursor.length64())],
  [0x56, unicodeLine],
  [0x43, (m) => pushBytes(m, m.cursor.uint8())],
  [0x42, (m) => pushBytes(m, m.cursor.uint32())],
  [0x8e, (m) => pushBytes(m, m.cursor.length64())],
  [0x96, (m) => pushBytes(m, m.cursor.length64())],
  [0x53, (m) => pushStr(m, bytesOfRepr(m.cursor.line()))],
  [0x55, (m) => pushStr(m, m.cursor.latin1(m.cursor.uint8()))],
  [0x54, (m) => pushStr(m, m.cursor.latin1(length32(m)))],
  // what holds others
  [0x29, (m) => pushTuple(m, [])],
  [0x85, (m) => pushTuple(m, [m.pop()])],
  [0x86, (m) => pushTuple(m, reversed(m.pop(), m.pop()))],
  [0x87, (m) => pushTuple(m, reversed(m.pop(), m.pop(), m.pop()))],
  [0x74, (m) => pushTuple(m, m.popMark())],
  [0x5d, (m) => pushList(m, [])],
  [0x6c, (m) => pushList(m, m.popMark())],
  [0x61, appendOne],
  [0x65, (m) => m.append(m.popMark())],
  [0x7d, (m) => pushDict(m, [])],
  [0x64, (m) => pushDict(m, m.popMark())],
  [0x73, setOne],
  [0x75, (m) => m.setItems(m.popMark())],
  [0x8f, emptySet],
  [0x90, (m) => m.add(m.popMark())],
  [0x91, pushFrozenSet],
  // stack and memo
  [0x28, (m) => m.mark()],
  [0x30, (m) => m.discard()],
  [0x31, (m) => void m.popMark()],
  [0x32, duplicate],
  [0x94, (m) => m.memoize()],
  [0x71, (m) => m.put(m.cursor.uint8())],
  [0x72, (m) => m.put(m.cursor.uint32())],
  [0x70, (m) => m.put(placeOf(m))],
  [0x68, (m) => m.get(m.cursor.uint8())],
  [0x6a, (m) => m.get(m.cursor.uint32())],
  [0x67, (m) => m.get(placeOf(m))],
  // names, and what is made by them
  [0x63, (m) => m.pushGlobal(nameLine(m), nameLine(m))],
  [0x93, stackGlobal],
  [0x52, reduce],
  [0x81, newObject],
  [0x92, newObjectNamed],
  [0x69, instance],
  [0x6f, object],
  [0x62, (m) => m.build(m.pop())],
  // what others keep
  [0x98, () => undefined],
  [0x97, refused("buffers that are kept elsewhere")],
  [0x50, refused("a persistent id, which only its own reader understands")],
  [0x51, refused("a persistent id, which only its own reader understands")],
  [0x82, refused("an extension code, which only its own registry understands")],
  [0x83, refused("an extension code, which only its own registry understands")],
  [0x84, refused("an extension code, which only its own registry understands")],
];

const operations: (Operation | undefined)[] = new Array(256).fill(undefined);
for (const [code, operation] of entries) operations[code] = operation;

/** Runs the program to its end; gives what it leaves. Faults: truncated, malformed, unsupported, limit-exceeded. */
export function run(machine: Machine): unknown {
  const { cursor } = machine;
  for (;;) {
    const code = cursor.uint8();
    if (code === stop) return machine.pop();
    const operation = operations[code];
    if (operation === undefined)
      throw malformed(`${cursor.at === 1 ? "its first byte is no" : "there is no"} operation 0x${code.toString(16)}`);
    operation(machine);
  }
}

function reversed(...items: unknown[]): unknown[] {
  return items.reverse();
}

function protocol(machine: Machine): void {
  const version = machine.cursor.uint8();
  if (version > maxProtocol) throw notSupported(`protocol ${version}, which is newer than ${maxProtocol}`);
}

function frame(machine: Machine): void {
  machine.cursor.length64();
}

function unicodeLine(machine: Machine): void {
  const line = machine.cursor.line();
  machine.budget.spend(textBytes + 2 * line.length);
  machine.stack.push(textOfEscaped(line));
}

function pushList(machine: Machine, items: unknown[]): void {
  machine.budget.container(listBytes + placeBytes * items.length);
  machine.stack.push(items);
}

function appendOne(machine: Machine): void {
  const value = machine.pop();
  machine.append([value]);
}

function setOne(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.setItems([key, value]);
}

function emptySet(machine: Machine): void {
  machine.budget.container(dictBytes);
  machine.stack.push(machine.newSet([]));
}

function duplicate(machine: Machine): void {
  machine.budget.spend(placeBytes);
  machine.stack.push(machine.top());
}

/** Names are ASCII, or UTF-8 for what it is worth. */
function nameLine(machine: Machine): string {
  return Buffer.from(machine.cursor.line(), "latin1").toString("utf8");
}

function stackGlobal(machine: Machine): void {
  const name = machine.pop();
  machine.pushGlobal(machine.pop(), name);
}

function reduce(machine: Machine): void {
  const args = machine.pop();
  machine.stack.push(machine.call(machine.pop(), args));
}

function newObject(machine: Machine): void {
  const args = machine.pop();
  machine.stack.push(machine.make(machine.pop(), args));
}

function newObjectNamed(machine: Machine): void {
  const named = machine.pop();
  const args = machine.pop();
  if (!isDict(named)) throw malformed("named arguments are no dict");
  machine.stack.push(machine.make(machine.pop(), args, named));
}

function instance(machine: Machine): void {
  const module = nameLine(machine);
  const global = machine.global(module, nameLine(machine));
  const args = machine.popMark();
  machine.stack.push(machine.make(global, args));
}

function object(machine: Machine): void {
  const [callee, ...args] = machine.popMark();
  machine.stack.push(machine.make(callee, args));
}
