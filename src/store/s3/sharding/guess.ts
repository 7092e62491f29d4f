/**
 * Guesses which key lies some pages ahead, from how far the names of the pages before are apart. A wrong guess costs a request, never a key:
 * what is cut there is listed on both sides of the cut.
 */
import { compareKeys } from "../../../uri/index.ts";

/** From which name to which some pages went. */
export interface Way {
  readonly first: string;
  readonly last: string;
  /** How many, from 1. */
  readonly pages: number;
  /** Names of the last page, in order. */
  readonly names: readonly string[];
}

/** What it shows of how names go on. */
export interface Trail {
  readonly first: string;
  readonly pages: number;
  /** The last name, by code points. */
  readonly last: readonly string[];
  readonly lastName: string;
  /** How many code points all names share because they were asked for. */
  readonly fixed: number;
  /** The first place in which the names differ. */
  readonly at: number;
  /** What stands there, in order; `undefined` for any code point. */
  readonly ladder: string | undefined;
  /** The last name as a number from that place on, and by how much one page moved it. */
  readonly value: number;
  readonly step: number;
}

const decimal = "0123456789";
const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
/** The narrowest first. */
const ladders = [
  decimal,
  `${decimal}abcdef`,
  `${decimal}ABCDEF`,
  lower,
  upper,
  `${decimal}${lower}`,
  `${decimal}${upper}`,
  `${decimal}${upper}${lower}`,
] as const;
const lastCodePoint = 0x10ffff;
/** As many places as a number holds exactly enough to be halved again and again. */
const places = 6;
/** What is lost in adding numbers up. */
const nearly = 1e-6;
/** Of so many names of a page the character in the place that differs is looked at. */
const samples = 64;
const longestKeyBytes = 1024;

/** `undefined` where the names show no direction. */
export function trailOf({ first: firstName, last: lastName, pages, names }: Way, prefix: string): Trail | undefined {
  const first = Array.from(firstName);
  const last = Array.from(lastName);
  const fixed = Array.from(prefix).length;
  let at = fixed;
  while (at < first.length && first[at] === last[at]) at++;
  if (last[at] === undefined) return undefined;
  const common = last.slice(0, at).join("");
  const ladder = ladderOf([firstName, ...names], common);
  const value = numberOf(last, at, ladder);
  const step = (value - numberOf(first, at, ladder)) / pages;
  return step > 0 ? { first: firstName, pages, last, lastName, fixed, at, ladder, value, step } : undefined;
}

/** What several trails lead to, the nearest first. */
export function keysAhead(trails: readonly (Trail | undefined)[], pages: number): readonly string[] {
  return trails.flatMap((trail) => (trail && keyAhead(trail, pages)) ?? []).sort(compareKeys);
}

/** A key about so many pages behind the last name; `undefined` where none can be thought of. */
export function keyAhead(trail: Trail, pages: number): string | undefined {
  const { last, lastName, at, ladder, value, step } = trail;
  const target = value + step * pages;
  const key = ladder === undefined ? byCodePoint(last, at, target) : onLadder(trail, ladder, target);
  if (key === undefined || Buffer.byteLength(key) > longestKeyBytes) return undefined;
  return compareKeys(key, lastName) > 0 ? key : undefined;
}

function byCodePoint(last: readonly string[], at: number, target: number): string | undefined {
  const next = nextCodePoint(Math.floor(target) - 1);
  return next === undefined ? undefined : last.slice(0, at).join("") + next;
}

function onLadder({ last, fixed, at }: Trail, ladder: string, target: number): string {
  const carry = Math.floor(target / ladder.length);
  const head = last.slice(0, at);
  const leftmost = carry === 0 ? undefined : add(head, fixed, carry, ladder);
  if (leftmost === undefined) return head.join("") + digits(target % ladder.length, ladder, runOf(last, at, ladder));
  // The numbers that begin like these are at their end: what comes behind all of them.
  const behind = nextCodePoint(ladder.codePointAt(ladder.length - 1) ?? 0);
  return last.slice(0, leftmost).join("") + behind;
}

/**
 * Adds to the number that stands before the place, through what is no number between them: `day=01/part-9` goes on with `day=02`. A
 * word is only what stands together. Where it does not fit, gives the leftmost place that the number has.
 */
function add(head: string[], fixed: number, carry: number, ladder: string): number | undefined {
  const isNumber = ladder.startsWith(decimal);
  let rest = carry;
  let leftmost = head.length;
  for (let at = head.length - 1; at >= fixed && rest > 0; at--) {
    const rank = ladder.indexOf(head[at] ?? "");
    if (rank < 0) {
      if (!isNumber) break;
      continue;
    }
    const sum = rank + rest;
    head[at] = ladder.charAt(sum % ladder.length);
    rest = Math.floor(sum / ladder.length);
    leftmost = at;
  }
  return rest > 0 ? leftmost : undefined;
}

/** As many as the number has; what is left is one more of the last. */
function digits(value: number, ladder: string, run: number): string {
  let text = "";
  let rest = value;
  for (let place = 1; place <= run; place++) {
    const rank = Math.min(place === run ? Math.ceil(rest - nearly) : Math.floor(rest + nearly), ladder.length - 1);
    text += ladder.charAt(rank);
    rest = (rest - rank) * ladder.length;
    if (rest < nearly) break;
  }
  return text;
}

/** How many of the characters from there on are digits, up to as many as count. */
function runOf(name: readonly string[], at: number, ladder: string): number {
  let run = 1;
  while (run < places && ladder.includes(name[at + run] ?? " ")) run++;
  return run;
}

function numberOf(name: readonly string[], at: number, ladder: string | undefined): number {
  if (ladder === undefined) return name[at]?.codePointAt(0) ?? 0;
  let value = 0;
  let weight = 1;
  for (let place = at; place < at + places; place++) {
    const rank = ladder.indexOf(name[place] ?? " ");
    if (rank < 0) break;
    value += rank * weight;
    weight /= ladder.length;
  }
  return value;
}

/** The narrowest that has all the characters that stand in some of the names behind what they have in common. */
function ladderOf(names: readonly string[], common: string): string | undefined {
  const seen = new Set<string>();
  const stride = Math.max(1, Math.floor(names.length / samples));
  const look = (name: string) => name.startsWith(common) && seen.add(characterAt(name, common.length));
  for (let n = 0; n < names.length; n += stride) look(names[n] ?? "");
  look(names.at(-1) ?? "");
  seen.delete("");
  return ladders.find((ladder) => [...seen].every((character) => ladder.includes(character)));
}

function characterAt(name: string, unit: number): string {
  const code = name.codePointAt(unit);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** The one behind; halves of surrogate pairs are none. */
function nextCodePoint(code: number): string | undefined {
  const next = code + 1;
  if (next > lastCodePoint) return undefined;
  return String.fromCodePoint(next >= 0xd800 && next <= 0xdfff ? 0xe000 : next);
}
