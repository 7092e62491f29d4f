/** A large object is replaced just before its kth request, for every k; what is read must be one version, and what is kept too. */
import { makeContent } from "../content.mjs";
import { put } from "../stage.mjs";

const changes = { "as long": 0, shorter: -9_000_001, "a byte shorter": -1, longer: 8_000_001 };

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R10",
  title: "An object that is replaced before any request of a read is read as one version, and kept as one",
  target: "every k, 4 sizes, 20 rounds",
  bad: { "no-if-match": /version|bytes/ },
  async run(stage) {
    const server = await stage.server();
    const dir = await stage.folder("cache");
    // Several ranges for everybody, also where each is 8 MiB.
    const sizeBytes = stage.size(20, 40) * 2 ** 20;
    let most = 0;
    for (let round = 0; round < stage.size(1, 20); round += 1) {
      for (const [name, added] of Object.entries(changes)) {
        for (let nth = 1, isReached = true; isReached && !stage.isOver; nth += 1) {
          const key = `round ${round} ${name} ${nth}.bin`;
          await put(server, key, 1, sizeBytes);
          const replaceWith = makeContent(key, 2, sizeBytes + added);
          server.inject({ method: "GET", key, after: nth - 1, times: 1, effect: { replaceWith } });
          const worker = await stage.worker(server, dir);
          const told = async (/** @type {string} */ job) => {
            const { wrong } = await worker.ask(job, { keys: [key] });
            for (const note of wrong) stage.wrong(`${name}, replaced before request ${nth}: ${job}: ${note}`);
          };
          server.clearRequests();
          await told(stage.random.of(["reads", "copies"]));
          isReached = server.count({ method: "GET", key }) >= nth;
          await told("offlineReads");
          await told("reads");
          if (isReached) stage.count();
          if (isReached) most = Math.max(most, nth);
          await worker.kill();
          server.reset();
        }
      }
    }
    stage.tell(`up to ${most} requests`);
  },
};
