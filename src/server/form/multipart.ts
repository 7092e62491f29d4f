/**
 * Reads a `multipart/form-data` body as a stream: small fields first, then one file that is passed on piece by piece.
 * Strict: lines end in CR LF, a part names itself, and what comes before the file is at most 20 KiB.
 */
import { s3Error } from "../errors.ts";

/** All that comes before the file, in bytes: names, values and boundaries. */
export const maxFieldsBytes = 20_480;

export interface FormField {
  readonly name: string;
  readonly value: string;
}

export interface FormParts {
  /** In the order in which they came. */
  readonly fields: readonly FormField[];
  /** What the client calls its file; undefined when it gives it no name. */
  readonly filename: string | undefined;
  /** The bytes of the file, once. Errors: MalformedPOSTRequest, InvalidArgument for a second file. */
  readonly file: AsyncIterable<Uint8Array>;
}

/**
 * The boundary in a content type; undefined when that is no form's. Error: MalformedPOSTRequest for a form without one.
 */
export function formBoundary(contentType: string | undefined): string | undefined {
  const parameters = /^multipart\/form-data\s*(;.*)?$/i.exec(contentType?.trim() ?? "");
  if (parameters === null) return undefined;
  const boundary = parameter(parameters[1] ?? "", "boundary");
  // RFC 2046 §5.1.1.
  if (boundary !== undefined && /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) return boundary;
  throw malformed();
}

/**
 * Reads up to the file. Errors: MalformedPOSTRequest, MaxPostPreDataLengthExceeded, InvalidArgument when there is no file.
 */
export async function readForm(body: AsyncIterable<Uint8Array>, boundary: string): Promise<FormParts> {
  const source = new Source(body);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  if ((await source.take(delimiter.length - 2)).compare(delimiter, 2) !== 0) throw malformed();
  const fields: FormField[] = [];
  for (;;) {
    if (await endsForm(source)) throw wrongFileCount(0);
    const { name, filename } = await readPartHeaders(source);
    if (name.toLowerCase() === "file") return { fields, filename, file: readFile(source, delimiter) };
    const value = await source.takeUntil(delimiter);
    fields.push({ name, value: textOf(value) });
  }
}

async function* readFile(source: Source, delimiter: Buffer): AsyncGenerator<Uint8Array> {
  source.allow(Number.POSITIVE_INFINITY);
  yield* source.streamUntil(delimiter);
  // Fields after the file are ignored, but there must not be two files.
  for (let files = 1; !(await endsForm(source)); ) {
    source.allow(maxFieldsBytes);
    const { name } = await readPartHeaders(source);
    source.allow(Number.POSITIVE_INFINITY);
    if (name.toLowerCase() === "file") files++;
    if (files > 1) throw wrongFileCount(files);
    for await (const _ of source.streamUntil(delimiter));
  }
  await source.drain();
}

/** Whether the delimiter just read is the last one. */
async function endsForm(source: Source): Promise<boolean> {
  const mark = (await source.take(2)).toString("latin1");
  if (mark === "--") return true;
  if (mark !== "\r\n") throw malformed();
  return false;
}

async function readPartHeaders(source: Source): Promise<{ readonly name: string; readonly filename?: string }> {
  let disposition: string | undefined;
  for (;;) {
    const line = textOf(await source.takeUntil(lineEnd));
    if (line === "") break;
    const [, header, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (header === undefined) throw malformed();
    if (header.toLowerCase() === "content-disposition") disposition = value;
  }
  const parameters = /^form-data\s*(;.*)$/i.exec(disposition ?? "")?.[1];
  const name = parameters === undefined ? undefined : parameter(parameters, "name");
  if (parameters === undefined || name === undefined || name === "") throw malformed();
  const filename = parameter(parameters, "filename");
  return filename === undefined ? { name } : { name, filename };
}

const lineEnd = Buffer.from("\r\n");

/** One parameter of a header such as `; name="x"; filename="y"`. */
function parameter(text: string, wanted: string): string | undefined {
  for (const [, name, quoted, plain] of text.matchAll(/;\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g)) {
    // Browsers escape nothing but quotes; a backslash is one of a Windows path.
    if (name?.toLowerCase() === wanted) return quoted?.replaceAll('\\"', '"') ?? plain;
  }
  return undefined;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed();
  }
}

function malformed(): Error {
  return s3Error("MalformedPOSTRequest");
}

// S3 says InvalidArgument, not the documented IncorrectNumberOfFilesInPostRequest: github.com/boto/boto3/issues/934.
function wrongFileCount(count: number): Error {
  return s3Error("InvalidArgument", {
    message: "POST requires exactly one file upload per request.",
    details: { ArgumentName: "file", ArgumentValue: String(count) },
  });
}

/** The bytes of a body, asked for by length or up to a mark, whatever pieces they come in. */
class Source {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);
  #taken = 0;
  #limit = maxFieldsBytes;

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#pieces = body[Symbol.asyncIterator]();
  }

  /** How many bytes may be taken from here on. */
  allow(bytes: number): void {
    this.#limit = this.#taken + bytes;
  }

  async take(count: number): Promise<Buffer> {
    while (this.#held.length < count) await this.#more();
    return this.#cut(count, 0);
  }

  /** Up to the mark, which is taken, too. */
  async takeUntil(mark: Buffer): Promise<Buffer> {
    for (let from = 0; ; ) {
      const at = this.#held.indexOf(mark, from);
      if (at >= 0) return this.#cut(at, mark.length);
      from = Math.max(0, this.#held.length - mark.length + 1);
      await this.#more();
    }
  }

  /** Like `takeUntil`, holding no more than the length of the mark. */
  async *streamUntil(mark: Buffer): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0) {
        const rest = this.#cut(at, mark.length);
        if (rest.length > 0) yield rest;
        return;
      }
      const sure = this.#held.length - mark.length + 1;
      if (sure > 0) yield this.#cut(sure, 0);
      await this.#more();
    }
  }

  /** Reads what is left, lest it be taken for another request. */
  async drain(): Promise<void> {
    this.#held = Buffer.alloc(0);
    while ((await this.#pieces.next()).done !== true);
  }

  async #more(): Promise<void> {
    if (this.#taken + this.#held.length > this.#limit) throw tooLong();
    const { value, done } = await this.#pieces.next();
    if (done === true) throw malformed();
    const piece = Buffer.from(value.buffer, value.byteOffset, value.length);
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
  }

  #cut(count: number, skipped: number): Buffer {
    this.#taken += count + skipped;
    if (this.#taken > this.#limit) throw tooLong();
    const cut = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count + skipped);
    return cut;
  }
}

// Code, spelling and element as S3 has them: github.com/waynehoover/s3_direct_upload/issues/45.
function tooLong(): Error {
  return s3Error("MaxPostPreDataLengthExceeded", {
    details: { MaxPostPreDataLengthBytes: String(maxFieldsBytes) },
  });
}
