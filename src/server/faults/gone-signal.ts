/** Tells what waits that there is nobody left to wait for: the client has gone, or the server closes. */
import type { ServerResponse } from "node:http";

const signals = new WeakMap<ServerResponse, AbortSignal>();

/** One signal for each answer, made when it is first asked for. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const known = signals.get(response);
  if (known !== undefined) return known;
  const gone = new AbortController();
  signals.set(response, gone.signal);
  const { socket } = response.req;
  if (socket.destroyed) gone.abort();
  else {
    // Of a connection that is lost while another answer is before this one, the response itself never hears.
    const abort = () => gone.abort();
    socket.once("close", abort);
    response.once("close", () => {
      socket.off("close", abort);
      abort();
    });
  }
  return gone.signal;
}
