/** Puts COUNT objects of a few bytes under keys in no order, unsigned, and prints how long it took. usage: put-many.mjs HOST PORT BUCKET COUNT */
import { connect } from "node:net";

const [host, port, bucket, many] = process.argv.slice(2);
const count = Number(many);
const body = "0123456789abcdef";
// A step without a common divisor visits every number once, far from the one before.
const step = 618_033_989;
let [sent, done, refused] = [0, 0, 0];
const begun = performance.now();
await Promise.all(Array.from({ length: 256 }, run));
console.log(JSON.stringify({ done, refused, seconds: (performance.now() - begun) / 1000 }));

/** @returns {Promise<void>} */
function run() {
  return new Promise((resolve) => {
    const socket = connect(Number(port), host);
    const next = () => {
      if (sent === count) return socket.end();
      const number = Number((BigInt(sent) * BigInt(step)) % BigInt(count));
      sent += 1;
      const key = `data/2026/part-${String(number).padStart(8, "0")}.parquet`;
      const head = `PUT /${bucket}/${key} HTTP/1.1\r\nhost: ${host}:${port}\r\ncontent-length: ${body.length}\r\n\r\n`;
      return socket.write(head + body);
    };
    let held = "";
    socket.setNoDelay(true).setEncoding("latin1").on("connect", next);
    socket.on("data", (/** @type {string} */ text) => {
      held += text;
      if (!held.endsWith("\r\n\r\n")) return;
      if (!held.startsWith("HTTP/1.1 200")) refused += 1;
      held = "";
      done += 1;
      next();
    });
    socket.on("error", () => {
      refused += 1;
    });
    socket.on("close", () => resolve());
  });
}
