/** What stands between a client and S3 answers for itself when S3 does not: a page for people, in HTML. */
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Answer } from "../answer.ts";

/** Takes from the response what only S3 says of itself. */
export function proxyPage(status: number, response: ServerResponse): Answer {
  for (const name of ["x-amz-request-id", "x-amz-id-2"]) response.removeHeader(name);
  const title = `${status} ${STATUS_CODES[status] ?? "Error"}`;
  return {
    status,
    headers: { "content-type": "text/html", server: "nginx" },
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
  };
}
