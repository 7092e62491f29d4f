/**
 * Faults as lines of text, e.g. `GET data/** 503 SlowDown x3`: whom (a method or operation, a key), what (an effect and its
 * values), how often. `formatFault` writes what this reads.
 */
import { closest } from "../../error/index.ts";
import { operationNames, requestMethods } from "../request-kinds.ts";
import { readCount, readDuration } from "./amounts.ts";
import { checkFault } from "./check-fault.ts";
import { effectNames } from "./effect-uses.ts";
import { effectValues, percent } from "./effect-values.ts";
import type { EffectName, Fault, FaultEffect, FaultMethod, TextPattern } from "./fault.ts";
import { readSeconds } from "./value-text.ts";
import { LineMistake, unquoted, type Word, Words } from "./words.ts";

type Open = { -readonly [K in keyof Fault]: Fault[K] };

/**
 * One fault from each line that is not empty and not all comment (`#`). `source` names the text in messages, e.g. `faults.txt`; default `faults`.
 * Error: TypeError that names the line and column of each mistake and what was probably meant.
 */
export function parseFaults(text: string, source: string = "faults"): readonly Fault[] {
  const faults: Fault[] = [];
  const mistakes: string[] = [];
  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const place = (column: number) => `${source}:${index + 1}:${column}`;
    try {
      const fault = readLine(line);
      checkFault(`the fault at ${place(1)}`, fault);
      faults.push(fault);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      mistakes.push(error instanceof LineMistake ? `${place(error.column)}: ${error.message}` : error.message);
    }
  }
  if (mistakes.length > 0) throw new TypeError(mistakes.join("\n"));
  return faults;
}

/** One line. `what` names it in messages. Error: TypeError. */
export function parseFault(line: string, what: string): Fault {
  try {
    const fault = readLine(line);
    checkFault(what, fault);
    return fault;
  } catch (error) {
    if (!(error instanceof LineMistake)) throw error;
    throw new TypeError(`${what} ${JSON.stringify(line)}, column ${error.column}: ${error.message}`);
  }
}

function readLine(line: string): Fault {
  const words = new Words(line);
  if (words.next === undefined)
    throw new LineMistake("the line is empty: say what goes wrong, e.g. GET data/** 503", 1);
  const fault: Partial<Open> = {};
  const subject = readSubject(words, fault);
  const target = readTarget(words, fault);
  fault.effect = readEffect(words, subject, target);
  while (words.next !== undefined) readLimit(words, fault);
  return fault as Fault;
}

/** A method, an operation, `*` for any, or nothing. Gives the word. */
function readSubject(words: Words, fault: Partial<Open>): Word | undefined {
  const word = words.next;
  if (word === undefined || word.quoted) return undefined;
  const operations = operationNames();
  const names = [...requestMethods, ...operations];
  if (word.text === "*") words.skip();
  else if ((requestMethods as readonly string[]).includes(word.text)) {
    fault.method = word.text as FaultMethod;
    words.skip();
  } else if (operations.has(word.text)) {
    fault.operation = word.text;
    words.skip();
  } else {
    const other = names.find((name) => name.toLowerCase() === word.text.toLowerCase());
    if (other !== undefined) throw new LineMistake(`${JSON.stringify(word.text)}: did you mean ${other}?`, word.column);
    return undefined;
  }
  return word;
}

/** A key, a bucket, both, or nothing. Gives the word. */
function readTarget(words: Words, fault: Partial<Open>): Word | undefined {
  const word = words.next;
  if (word === undefined || (!word.quoted && isEffect(word.text))) return undefined;
  words.skip();
  if (!word.quoted && (word.text === "*" || word.text === "**")) return word;
  const address = word.quoted ? null : /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(word.text);
  if (address === null) fault.key = readPattern(word.text, word);
  else {
    const [, bucket = "", key = ""] = address;
    if (bucket !== "*") fault.bucket = bucket;
    if (key !== "" && key !== "**")
      fault.key = readPattern(key, { ...word, column: word.column + word.text.indexOf(key) });
  }
  return word;
}

/** `/…/i`, `"text"`, or a glob. */
function readPattern(text: string, { quoted, column }: Omit<Word, "text">): TextPattern {
  if (quoted) return text;
  if (text.startsWith('"')) return unquoted(text, column);
  const expression = /^\/(.+)\/([a-z]*)$/.exec(text);
  if (expression === null) return text;
  try {
    return new RegExp(expression[1] ?? "", expression[2]);
  } catch (error) {
    const message = error instanceof Error ? error.message : "no regular expression";
    throw new LineMistake(`${message}; a key that begins with a slash goes into quotes`, column);
  }
}

const isStatus = (text: string) => /^[1-9]\d\d$/.test(text);
const nameOf = new Map(effectNames.map((name) => [effectValues[name].word, name]));
nameOf.delete("status");

function isEffect(text: string): boolean {
  return isStatus(text) || nameOf.has(text);
}

/** `subject` and `target` are the words before it. */
function readEffect(words: Words, subject: Word | undefined, target: Word | undefined): FaultEffect {
  const word = words.next;
  if (word !== undefined && !word.quoted && isStatus(word.text)) return readStatus(words);
  const name = word === undefined || word.quoted ? undefined : nameOf.get(word.text);
  if (name === undefined) throw noEffect(words, subject, target);
  words.skip();
  return { [name]: effectValues[name].read(words) } as unknown as FaultEffect;
}

function readStatus(words: Words): FaultEffect {
  const status = Number(words.take("a status").text);
  const effect: { -readonly [K in keyof StatusEffect]: StatusEffect[K] } = { status };
  while (true) {
    if (words.takeIf("retry-after")) effect.retryAfterSeconds = readSeconds(words);
    else if (words.takeIf("carried-out")) effect.carriedOut = true;
    else {
      const code = words.takeMatch(/^[A-Z]\w*$/)?.[0];
      if (code === undefined) return effect;
      effect.code = code;
    }
  }
}

type StatusEffect = Extract<FaultEffect, { readonly status: number }>;

/** What people call an effect that has another name here. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["delay", "latency"],
  ["timeout", "silent"],
  ["hang", "silent"],
  ["disconnect", "cut-after"],
  ["throttle", "rate"],
  ["lose-response", "lose-answer"],
]);

function effectMeant(text: string): string | undefined {
  const camel = effectNames.find((name: EffectName) => name.toLowerCase() === text.toLowerCase());
  if (camel !== undefined) return effectValues[camel].word;
  const known = [...nameOf.keys()];
  return otherNames.get(text) ?? known.find((name) => name.startsWith(`${text}-`)) ?? closest(text, known);
}

function noEffect(words: Words, subject: Word | undefined, target: Word | undefined): LineMistake {
  const { next, second } = words;
  if (next !== undefined && !next.quoted) {
    const shown = JSON.stringify(next.text);
    if (limits.includes(next.text) || /^x\d+$|^\d+%$/.test(next.text))
      return new LineMistake(`${shown} stands before the effect: limits come after it`, next.column);
    if (/^(?:[A-Z][a-z]+){2,}$/.test(next.text))
      return new LineMistake(`${shown} wants its status before it, e.g. 503 ${next.text}`, next.column);
  }
  for (const word of [next, target]) {
    if (word === undefined || word.quoted) continue;
    const near = effectMeant(word.text);
    if (near !== undefined) {
      return new LineMistake(`${JSON.stringify(word.text)} is no effect: did you mean ${near}?`, word.column);
    }
    const names = [...requestMethods, ...operationNames()];
    const operation = word === target && subject === undefined ? closest(word.text, names) : undefined;
    if (operation !== undefined && /^[A-Z]/.test(word.text)) {
      return new LineMistake(`${JSON.stringify(word.text)}: did you mean ${operation}?`, word.column);
    }
  }
  if (target !== undefined && second !== undefined && isEffect(second.text)) {
    const blanks = "a key with blanks in it goes into quotes";
    return subject === undefined
      ? new LineMistake(`${JSON.stringify(target.text)} is no method and no operation; ${blanks}`, target.column)
      : new LineMistake(`${JSON.stringify(next?.text)} stands between key and effect; ${blanks}`, next?.column ?? 1);
  }
  const before = target ?? subject;
  const what = next === undefined ? "the line ends where" : `${JSON.stringify(next.text)} stands where`;
  const hint = `a status (503) or one of ${[...nameOf.keys()].join(", ")}`;
  const column = next?.column ?? (before === undefined ? 1 : before.column + before.text.length);
  return new LineMistake(`${what} an effect should be: ${hint}`, column);
}

const limits = ["always", "once", "after", "for", "query", "header", "bucket"];

function readLimit(words: Words, fault: Partial<Open>): void {
  const word = words.take("a limit");
  const { text, column } = word;
  const [twice, chance] = [/^x(\d{1,16})$/.exec(text), percent.read(text)];
  if (word.quoted) throw new LineMistake(`${JSON.stringify(text)} belongs to nothing`, column);
  if (twice !== null) set(fault, "times", Number(twice[1]), word);
  else if (text === "once") set(fault, "times", 1, word);
  else if (text === "always") set(fault, "times", Number.POSITIVE_INFINITY, word);
  else if (chance !== undefined) set(fault, "probability", chance / 100, word);
  else if (text === "after") set(fault, "after", words.takeValue("a number of requests, e.g. 2", readCount), word);
  else if (text === "for") set(fault, "forMs", words.takeValue("a duration, e.g. 20s", readDuration), word);
  else if (text === "bucket") set(fault, "bucket", readPattern(...ofWord(words.take("a bucket, e.g. photos"))), word);
  else if (text === "query") fault.query = withPair(fault.query, words.take("a name, e.g. uploads"));
  else if (text === "header") fault.header = withPair(fault.header, words.take("a name, e.g. range"));
  else throw surplus(word);
}

function set<K extends keyof Open>(fault: Partial<Open>, name: K, value: Open[K], word: Word): void {
  if (fault[name] !== undefined) throw new LineMistake(`${JSON.stringify(word.text)} is said twice`, word.column);
  fault[name] = value;
}

function ofWord(word: Word): [text: string, word: Word] {
  return [word.text, word];
}

function withPair(known: Fault["query"], word: Word): Fault["query"] {
  const pair = readPair(word);
  const twice = Object.keys(pair).find((name) => known !== undefined && Object.hasOwn(known, name));
  if (twice !== undefined) throw new LineMistake(`${JSON.stringify(twice)} is said twice`, word.column);
  return { ...known, ...pair };
}

/** `NAME` or `NAME=VALUE`. */
function readPair(word: Word): Readonly<Record<string, TextPattern | true>> {
  const equals = word.quoted ? -1 : word.text.indexOf("=");
  if (equals < 0) return { [word.text]: true };
  const value = word.text.slice(equals + 1);
  return { [word.text.slice(0, equals)]: readPattern(value, { quoted: false, column: word.column + equals + 1 }) };
}

function surplus({ text, column }: Word): LineMistake {
  if (isEffect(text)) {
    return new LineMistake(`${JSON.stringify(text)} is a second effect: write a line for each`, column);
  }
  if (/^\d+x?$/.test(text))
    return new LineMistake(`${JSON.stringify(text)}: did you mean x${Number.parseInt(text, 10)}?`, column);
  const near = closest(text, limits);
  const hint = near === undefined ? "x3, always, after 2, 10%, for 20s, query NAME=…, header NAME=…" : undefined;
  return new LineMistake(
    `${JSON.stringify(text)} belongs to nothing: ${hint === undefined ? `did you mean ${near}?` : `a limit is ${hint}`}`,
    column,
  );
}
