/** An answer of S3, told from the page of whoever stands in between: a sign-in page is no object. */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import { Answer, type AnswerSink } from "../remote/answer.ts";

export class S3Answer extends Answer {
  readonly #origin: string;

  constructor(sink: AnswerSink, origin: string) {
    super(sink);
    this.#origin = origin;
  }

  /** Error: protocol. */
  override head(status: number, headers: ResponseHeaders): void {
    if (status < 300 && status !== 204 && isPage(headers)) {
      throw new EntrepotError("protocol", `what answered for ${this.#origin} is a web page, and no S3 server`, {
        hint: "Is this machine signed in to its network, and is the endpoint right? A proxy may answer in its place: entrepot doctor shows which.",
      });
    }
    super.head(status, headers);
  }
}

/** A stored page has an ETag, S3 numbers its answers, and some servers call an answer without a body a page. */
function isPage(headers: ResponseHeaders): boolean {
  return (
    headers["content-length"] !== "0" &&
    headers["content-type"]?.toLowerCase().startsWith("text/html") === true &&
    headers["etag"] === undefined &&
    headers["x-amz-request-id"] === undefined
  );
}
