/**
 * What wrk cannot do: requests whose answers have no body whatever their headers say, each of them once or until the time is up.
 * Prints what replay.lua prints. usage: replay.mjs HOST PORT REQUESTS CONNECTIONS SECONDS (0: each once)
 */
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const [host, port, file = "", connections, seconds] = process.argv.slice(2);
const requests = framesOf(readFileSync(file));
const until = Number(seconds) === 0 ? undefined : performance.now() + Number(seconds) * 1000;
const begun = performance.now();
let [sent, done, status, bytes, broken] = [0, 0, 0, 0, 0];

await Promise.all(Array.from({ length: Number(connections) }, run));
const micros = Math.round((performance.now() - begun) * 1000);
console.log(JSON.stringify({ requests: done, bytes, micros, status, broken }));

/** One connection to its end. @returns {Promise<void>} */
function run() {
  return new Promise((resolve) => {
    const socket = connect(Number(port), host);
    const next = () => {
      const isOver = until === undefined ? sent >= requests.length : performance.now() >= until;
      if (isOver) socket.end();
      else socket.write(requests[sent++ % requests.length] ?? "");
    };
    let held = "";
    socket.setNoDelay(true).setEncoding("latin1").on("connect", next);
    socket.on("data", (/** @type {string} */ text) => {
      bytes += text.length;
      held += text;
      if (!held.endsWith("\r\n\r\n")) return;
      if (!/^HTTP\/1.1 20/.test(held)) status += 1;
      held = "";
      done += 1;
      next();
    });
    socket.on("error", () => {
      broken += 1;
    });
    socket.on("close", () => resolve());
  });
}

/** @param {Buffer} bytes */
function framesOf(bytes) {
  const frames = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const length = Number(bytes.toString("latin1", at, end));
    frames.push(bytes.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
  }
  return frames;
}
