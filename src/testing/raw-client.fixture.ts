/** Speaks HTTP by hand, for tests of what is on the wire. */
import { connect } from "node:net";

export interface RawAnswer {
  readonly received: string;
  readonly end: "FIN" | "RST";
  /** How often bytes came. */
  readonly pieces: number;
}

/** What came for these bytes, and how the connection ended. */
export async function raw(endpoint: string, text: string): Promise<RawAnswer> {
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  let [received, end, pieces]: [string, "FIN" | "RST", number] = ["", "FIN", 0];
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    pieces += 1;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNRESET" || error.code === "EPIPE") end = "RST";
  });
  if (text !== "") socket.write(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return { received, end, pieces };
}
