/**
 * A small assembler: instructions of WebAssembly's text form to the bytes of a module that exports one function, `run`, over one
 * memory that it imports. It knows the instructions that this room uses, and no others.
 */

/** One function: names are `$name`, an operand follows its instruction, line breaks mean nothing, results are none. */
export interface FunctionText {
  readonly parameters: Readonly<Record<`$${string}`, ValueType>>;
  readonly locals: Readonly<Record<`$${string}`, ValueType>>;
  readonly body: string;
}

type ValueType = keyof typeof valueTypes;
type Operand = "none" | "number" | "offset" | "name" | "depth";

const valueTypes = { i32: 0x7f, i64: 0x7e } as const;
const noResult = 0x40;
interface Instruction {
  readonly operand: Operand;
  readonly code: readonly number[];
}

const instructions: ReadonlyMap<string, Instruction> = new Map<string, Instruction>([
  ["block", { operand: "none", code: [0x02, noResult] }],
  ["loop", { operand: "none", code: [0x03, noResult] }],
  ["end", { operand: "none", code: [0x0b] }],
  ["br", { operand: "depth", code: [0x0c] }],
  ["br_if", { operand: "depth", code: [0x0d] }],
  ["local.get", { operand: "name", code: [0x20] }],
  ["local.set", { operand: "name", code: [0x21] }],
  ["local.tee", { operand: "name", code: [0x22] }],
  ["i64.load", { operand: "offset", code: [0x29] }],
  ["i64.load8_u", { operand: "offset", code: [0x31] }],
  ["i64.store", { operand: "offset", code: [0x37] }],
  ["i32.const", { operand: "number", code: [0x41] }],
  ["i64.const", { operand: "number", code: [0x42] }],
  ["i32.lt_u", { operand: "none", code: [0x49] }],
  ["i32.ge_u", { operand: "none", code: [0x4f] }],
  ["i32.add", { operand: "none", code: [0x6a] }],
  ["i32.sub", { operand: "none", code: [0x6b] }],
  ["i32.and", { operand: "none", code: [0x71] }],
  ["i64.xor", { operand: "none", code: [0x85] }],
  ["i64.shl", { operand: "none", code: [0x86] }],
  ["i64.shr_u", { operand: "none", code: [0x88] }],
  ["i32.wrap_i64", { operand: "none", code: [0xa7] }],
  ["memory.copy", { operand: "none", code: [0xfc, 0x0a, 0, 0] }],
  ["memory.fill", { operand: "none", code: [0xfc, 0x0b, 0] }],
  ["v128.load", { operand: "offset", code: [0xfd, 0x00] }],
  ["v128.store", { operand: "offset", code: [0xfd, 0x0b] }],
  ["v128.xor", { operand: "none", code: [0xfd, 0x51] }],
]);

/** The module; its memory comes from `memory.bytes` of the imports. Error: SyntaxError for a word that is not known. */
export function assemble({ parameters, locals, body }: FunctionText): Uint8Array<ArrayBuffer> {
  const code = encode(body, [...Object.keys(parameters), ...Object.keys(locals)]);
  const runs = Object.values(locals).map((type) => [1, valueTypes[type]]);
  const signature = [0x60, ...list(Object.values(parameters).map((type) => [valueTypes[type]])), ...list([])];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, [signature]),
    ...section(2, [[...text("memory"), ...text("bytes"), 2, 0, 1]]), // a memory of at least one page
    ...section(3, [[0]]),
    ...section(7, [[...text("run"), 0, 0]]),
    ...section(10, [sized([...list(runs), ...code, 0x0b])]),
  ]);
}

function encode(body: string, names: readonly string[]): readonly number[] {
  const code: number[] = [];
  const words = body.trim().split(/\s+/).values();
  for (const word of words) {
    const instruction = instructions.get(word);
    if (instruction === undefined) throw new SyntaxError(`${word} is no instruction that is known here`);
    code.push(...instruction.code);
    if (instruction.operand !== "none")
      code.push(...encodeOperand(instruction.operand, words.next().value ?? "", names));
  }
  return code;
}

function encodeOperand(kind: Exclude<Operand, "none">, word: string, names: readonly string[]): readonly number[] {
  if (kind === "name") {
    const index = names.indexOf(word);
    if (index < 0) throw new SyntaxError(`${word} is no local`);
    return unsigned(index);
  }
  const value = Number(kind === "offset" ? word.slice("offset=".length) : word);
  if (word === "" || !Number.isInteger(value)) throw new SyntaxError(`${word} is no ${kind}`);
  if (kind === "number") return signed(value);
  // A load or store names its alignment first; 2^0 is a promise that always holds.
  return kind === "offset" ? [0, ...unsigned(value)] : unsigned(value);
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  return [id, ...sized(list(items))];
}

function list(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function sized(bytes: readonly number[]): readonly number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(ascii: string): readonly number[] {
  return sized([...ascii].map((letter) => letter.charCodeAt(0)));
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** LEB128 in two's complement; 32 bits are enough here. */
function signed(value: number): readonly number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
