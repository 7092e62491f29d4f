/** Bytes that somebody else wrote, for a browser: saved or shown as a picture, never as a page and never with rights of this one. */
import type { Bytes } from "../../store/index.ts";

/** What a browser may take for something other than bytes: pictures, in which it runs nothing. */
const pictureTypes: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
};

export function isPicture(name: string): boolean {
  return typeOfPicture(name) !== undefined;
}

/** `content` is asked for its first part before the answer begins, so that a failure is told as one. */
export async function fileResponse(
  name: string,
  content: Bytes | AsyncIterable<Uint8Array>,
  etag?: string,
): Promise<Response> {
  return new Response(content instanceof Uint8Array ? content : await streamOf(content), {
    headers: {
      "Content-Type": typeOfPicture(name) ?? "application/octet-stream",
      "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escapeMark)}`,
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      ...(etag === undefined ? {} : { ETag: `"${etag}"` }),
    },
  });
}

async function streamOf(content: AsyncIterable<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const parts = content[Symbol.asyncIterator]();
  let next: IteratorResult<Uint8Array> | undefined = await parts.next();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = next ?? (await parts.next());
        next = undefined;
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await parts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

function typeOfPicture(name: string): string | undefined {
  const type = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(pictureTypes, type) ? pictureTypes[type] : undefined;
}

function escapeMark(mark: string): string {
  return `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
}
