/** One line of text as words with their places, for messages that name the column. */
import { closest } from "../../error/index.ts";

export interface Word {
  readonly text: string;
  /** In quotes: never the name of anything. */
  readonly quoted: boolean;
  /** From 1. */
  readonly column: number;
}

/** A mistake in a line, with its place. */
export class LineMistake extends TypeError {
  override readonly name = "LineMistake";
  /** From 1. */
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

/** Words are parted by spaces; one in double quotes is JSON's text, one in slashes a regular expression; `#` begins a comment. */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  const token = /\s*(?:(#.*)|("(?:[^"\\]|\\.)*")|([^\s"]*?=)?(\/(?:[^/\\\s]|\\.)+\/[a-z]*|"(?:[^"\\]|\\.)*")?(\S*))/sy;
  while (token.lastIndex < line.length) {
    const start = token.lastIndex;
    const match = token.exec(line);
    const text = match?.[0].trim() ?? "";
    if (match === null || text === "" || match[1] !== undefined) break;
    const column = start + (match[0].length - match[0].trimStart().length) + 1;
    if (match[2] === undefined && text.startsWith('"')) throw new LineMistake("the text in quotes has no end", column);
    words.push(
      match[2] === undefined ? { text, quoted: false, column } : { text: unquoted(text, column), quoted: true, column },
    );
  }
  return words;
}

/** Error: LineMistake for quotes around something that JSON does not allow. */
export function unquoted(text: string, column: number): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new LineMistake(`${text} is not text as JSON has it`, column);
  }
}

/** Reads the words of a line one after the other. */
export class Words {
  readonly #words: readonly Word[];
  readonly #endColumn: number;
  #at = 0;

  constructor(line: string) {
    this.#words = splitWords(line);
    this.#endColumn = line.trimEnd().length + 1;
  }

  get next(): Word | undefined {
    return this.#words[this.#at];
  }

  /** The word after the next. */
  get second(): Word | undefined {
    return this.#words[this.#at + 1];
  }

  skip(): void {
    this.#at += 1;
  }

  /** Takes the next word if it is this one. */
  takeIf(text: string): boolean {
    if (this.next?.text !== text || this.next.quoted) return false;
    this.skip();
    return true;
  }

  /** Takes the next word if it looks like this. */
  takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    const match = this.next === undefined || this.next.quoted ? null : pattern.exec(this.next.text);
    if (match === null) return undefined;
    this.skip();
    return match;
  }

  /** Takes the next word. Error: LineMistake, which says what should be there, when there is none. */
  take(expected: string): Word {
    const word = this.next;
    if (word === undefined) throw new LineMistake(`the line ends where ${expected} should be`, this.#endColumn);
    this.skip();
    return word;
  }

  /** Takes one of a few words. Error: LineMistake. */
  takeOneOf<const T extends string>(names: readonly T[], what: string): T {
    const word = this.take(names.join(" or "));
    if (!word.quoted && (names as readonly string[]).includes(word.text)) return word.text as T;
    throw new LineMistake(`${JSON.stringify(word.text)} is no ${what}: ${meant(word.text, names)}`, word.column);
  }

  /** Takes a word that `read` understands. Error: LineMistake. */
  takeValue<T>(expected: string, read: (text: string) => T | undefined): T {
    const word = this.take(expected);
    const value = read(word.text);
    if (value !== undefined) return value;
    throw new LineMistake(`${JSON.stringify(word.text)} is not ${expected}`, word.column);
  }
}

/** What was probably meant, or all there is. */
function meant(given: string, names: readonly string[]): string {
  const near = closest(given, names);
  return near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
}
