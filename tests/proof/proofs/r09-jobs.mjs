/** Transfers are killed at random moments and told again: they send what was on its way, and end with the same bytes. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { flawOf, makeContent } from "../content.mjs";
import { put } from "../stage.mjs";

/** @typedef {import("../stage.mjs").Stage} Stage */
/** @typedef {import("entrepot/testing").S3Server} S3Server */
/** @typedef {{ way: "up" | "down", isLarge: boolean, prefix: string, folder: string, keys: string[], kills: number }} Round */

const files = 200;
const largeBytes = 64 * 1024 ** 2;
/** Objects at once, and some that had ended and were not written down yet when the process died. */
const onTheWay = 32 + 16;
/** What a killed download held in memory, in sockets and in stretches that were not whole yet. */
const lostBytes = 24 * 1024 ** 2;
/** What a read over several connections fetches twice when one takes a part over from another. */
const twiceBytes = 12 * 1024 ** 2;
const endless = Number.POSITIVE_INFINITY;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R09",
  title:
    "A transfer killed at any moment goes on when it is told again: what was done is not sent again, and no byte is wrong",
  target: "400 transfers of 200 files or 64 MiB, each killed twice",
  bad: { "starts-again": /again/, "skips-by-name": /bytes/ },
  notOfSimple: "it moves single objects, and keeps no journal",
  async run(stage) {
    const server = await stage.server();
    const dir = await stage.folder("cache");
    // Slow enough to be killed in the middle of, and for little to wait in sockets, which the server takes for sent.
    server.inject({ operation: "GetObject", key: "large-*/**", times: endless, effect: { bandwidth: 8_000_000 } });
    server.inject({
      operation: "GetObject",
      key: "small-*/**",
      times: endless,
      effect: { latency: { kind: "constant", ms: 20 } },
    });
    server.inject({ operation: "PutObject", times: endless, effect: { latency: { kind: "constant", ms: 20 } } });
    server.inject({ operation: "UploadPart", times: endless, effect: { latency: { kind: "constant", ms: 100 } } });
    const rounds = stage.size(stage.untilWrong ? 12 : 8, 400);
    for (let number = 0; number < rounds && !stage.isOver; number += 1) {
      const round = await makeRound(stage, server, number);
      server.clearRequests();
      let isDone = false;
      for (; round.kills < 2 && !isDone; round.kills += isDone ? 0 : 1)
        isDone = await killed(stage, server, dir, round);
      const { wrong } = isDone ? { wrong: [] } : await worked(stage, server, dir, round);
      for (const note of wrong) stage.wrong(`the transfer that was told again ended with ${note}`);
      stage.count();
      await checkBytes(stage, server, round);
      checkSent(stage, server, round);
    }
  },
};

/** What is there before. @param {Stage} stage @param {S3Server} server @param {number} number @returns {Promise<Round>} */
async function makeRound(stage, server, number) {
  const isLarge = number % 2 === 1;
  const way = number % 4 < 2 ? "down" : "up";
  const prefix = `${isLarge ? "large" : "small"}-${number}/`;
  const folder = await stage.folder(`files-${number}`);
  const keys = Array.from({ length: isLarge ? 1 : files }, (_, index) => `${prefix}f${index}`);
  for (const key of keys) {
    const sizeBytes = isLarge ? largeBytes : stage.random.size(32, 20_000);
    if (way === "down") await put(server, key, number, sizeBytes);
    else await writeFile(join(folder, key.slice(prefix.length)), makeContent(key, number, sizeBytes));
  }
  return { way, isLarge, prefix, folder, keys, kills: 0 };
}

/** Whether it had ended before it was killed, though it may not have said so: told once more it would rightly begin anew. @param {Stage} stage @param {S3Server} server @param {string} dir @param {Round} round */
async function killed(stage, server, dir, round) {
  const worker = await stage.worker(server, dir);
  const { way, folder, prefix, keys } = round;
  const moved = worker.ask("move", { way, folder, prefix, keys }).then(
    () => true,
    () => false,
  );
  const moment = momentOf(stage, server, round);
  await Promise.race([moved, moment]);
  await worker.kill();
  const isOurs = stage.cache === "ours";
  return (await moved) || (isOurs && (await readdir(join(dir, "jobs")).catch(() => ["none yet"])).length === 0);
}

/** Somewhere in the middle. @param {Stage} stage @param {S3Server} server @param {Round} round */
async function momentOf(stage, server, { way, isLarge }) {
  const share = 0.1 + 0.8 * stage.random.fraction();
  const operation = way === "down" ? "GetObject" : isLarge ? "UploadPart" : "PutObject";
  const seen = server.count({ operation });
  const more = isLarge ? (way === "down" ? 1 : Math.ceil(share * 7)) : Math.ceil((0.3 + 0.3 * share) * files);
  const signal = AbortSignal.timeout(20_000);
  await server.waitFor({ operation }, { times: seen + more, signal }).catch(() => undefined);
  await sleep(isLarge && way === "down" ? share * 900 : stage.random.below(10));
}

/** @param {Stage} stage @param {S3Server} server @param {string} dir @param {Round} round */
async function worked(stage, server, dir, { way, folder, prefix, keys }) {
  const worker = await stage.worker(server, dir);
  const { wrong } = await worker.ask("move", { way, folder, prefix, keys });
  await worker.kill();
  return /** @type {{ wrong: string[] }} */ ({ wrong });
}

/** @param {Stage} stage @param {S3Server} server @param {Round} round */
async function checkBytes(stage, server, { way, folder, prefix, keys }) {
  const objects = server.objects("b");
  for (const key of keys) {
    const bytes =
      way === "down"
        ? await readFile(join(folder, key.slice(prefix.length))).catch(() => undefined)
        : await objects.get(key)?.bytes();
    const flaw = bytes === undefined ? "is not there" : flawOf(bytes, key);
    if (flaw !== undefined) stage.wrong(`${way}: ${flaw} (bytes of ${key})`);
  }
}

/** @param {Stage} stage @param {S3Server} server @param {Round} round */
function checkSent(stage, server, { way, isLarge, prefix, kills }) {
  const ofRound = server.requests.filter(({ key }) => key.startsWith(prefix));
  if (!isLarge) {
    const operation = way === "down" ? "GetObject" : "PutObject";
    const sent = ofRound.filter((request) => request.operation === operation).length;
    if (sent > files + kills * onTheWay) stage.wrong(`${way}: ${sent} of ${files} objects were sent, many again`);
    return;
  }
  if (way === "down") {
    const sent = ofRound.reduce((sum, { bytesOut }) => sum + bytesOut, 0);
    if (sent > largeBytes + twiceBytes + kills * lostBytes)
      stage.wrong(`down: ${sent} of ${largeBytes} bytes came, many again`);
    return;
  }
  const parts = ofRound.filter(({ operation, status }) => operation === "UploadPart" && status === 200);
  const whole = ofRound.filter(({ operation }) => operation === "PutObject").length;
  const names = new Set(parts.map(({ query }) => query["partNumber"]));
  if (parts.length > names.size) stage.wrong(`up: ${parts.length - names.size} parts that were there were sent again`);
  if (whole > 1) stage.wrong(`up: all of it was sent ${whole} times, and again`);
}
