/** A server whose clock is wrong judges requests by it, and says so: in the Date of its answers, in the ServerTime of a refusal. */
import type { ServerResponse } from "node:http";
import { httpDate } from "../dates.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { findOperation } from "../router.ts";
import { type FaultScript, faultRequest } from "./fault-script.ts";

/** The request as it is to be judged. */
export function judgedRequest(
  request: IncomingRequest,
  faults: FaultScript,
  response: ServerResponse,
): IncomingRequest {
  const skewMs = faults.takeSkew(() => faultRequest(request, operationOf(request)));
  if (skewMs === 0) return request;
  const nowMs = request.nowMs + skewMs;
  response.setHeader("Date", httpDate(nowMs));
  return { ...request, nowMs };
}

/** `""` for one that is refused for being none. */
function operationOf(request: IncomingRequest): string {
  try {
    return findOperation(request).name;
  } catch {
    return "";
  }
}
