/** One exchange: a request is read and noted down, handled, answered; what is left of its body is let go by. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { httpDate } from "../dates.ts";
import { S3Error, s3Error } from "../errors.ts";
import { errorAnswer, type Handler } from "../handler.ts";
import { HeaderLines, type IncomingRequest, incomingRequest } from "../request/incoming-request.ts";
import { peerOf } from "../request/peer.ts";
import type { OpenRecord, RecordedRequest } from "../request-log.ts";
import type { RequestIds } from "./request-ids.ts";
import { sendAnswer } from "./send-answer.ts";

const hostId = randomBytes(48).toString("base64");
const baseHeaders = { Server: "entrepot", "x-amz-id-2": hostId };

/** What every exchange of a server has in common. */
export interface ExchangeSettings {
  readonly handler: Handler;
  readonly now: () => number;
  readonly ids: RequestIds;
  readonly onRequest: ((record: RecordedRequest) => void) | undefined;
  readonly onAnswer: ((record: RecordedRequest) => void) | undefined;
}

/** Resolves when the answer is handed over, broken off, or the client is gone. Rejects with what nobody foresaw. */
export async function serveExchange(
  message: IncomingMessage,
  response: ServerResponse,
  awaitsContinue: boolean,
  settings: ExchangeSettings,
): Promise<void> {
  const { handler, onRequest, onAnswer } = settings;
  const nowMs = settings.now();
  const ids = { requestId: settings.ids.next(), hostId };
  const headers = new HeaderLines(message.rawHeaders);
  const record = openRecord(message, headers, nowMs);
  let toldToContinue = !awaitsContinue;
  response.sendDate = false;
  response.setHeader("Date", httpDate(nowMs));
  for (const [name, value] of Object.entries(baseHeaders)) response.setHeader(name, value);
  response.setHeader("x-amz-request-id", ids.requestId);
  response.once("close", () => onAnswer?.(record));
  response.once("finish", () => {
    // The rest of a body that was refused, lest it be taken for the next request.
    if (!message.readableEnded) message.resume();
  });

  let request: IncomingRequest;
  try {
    request = incomingRequest({
      method: record.method,
      url: message.url ?? "/",
      headers,
      nowMs,
      ...handler.hosts,
      secure: "encrypted" in message.socket,
      peer: () => peerOf(message.socket),
      body: (quietly) => {
        if (!toldToContinue && quietly !== true) response.writeContinue();
        toldToContinue = true;
        return readBody(message, record);
      },
    });
  } catch (error) {
    onRequest?.(record);
    if (!(error instanceof S3Error)) throw error;
    record.errorCode = error.code;
    response.setHeader("Connection", "close");
    const path = (message.url ?? "/").replace(/\?.*$/s, "");
    return await sendAnswer(response, errorAnswer(error, path, ids), undefined, record);
  }
  const { target } = request;
  record.bucket = target.bucket;
  record.key = target.key;
  record.query = target.query.toRecord();
  onRequest?.(record);

  const { answer, spoiling } = await handler.handle(request, record, ids, response);
  await sendAnswer(response, answer, spoiling, record);
}

async function* readBody(message: IncomingMessage, record: OpenRecord): AsyncGenerator<Uint8Array> {
  try {
    // Leaving early must not destroy the socket on which the refusal is to be sent.
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      record.bytesIn += (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (message.destroyed && !message.readableEnded) throw s3Error("IncompleteBody");
    throw error;
  }
}

function openRecord(message: IncomingMessage, headers: HeaderLines, startedMs: number): OpenRecord {
  return {
    method: message.method ?? "",
    operation: undefined,
    bucket: "",
    key: "",
    query: {},
    range: headers.get("range"),
    headers: headers.toRecord(),
    accessKeyId: undefined,
    status: 0,
    errorCode: undefined,
    bytesIn: 0,
    bytesOut: 0,
    startedMs,
  };
}
