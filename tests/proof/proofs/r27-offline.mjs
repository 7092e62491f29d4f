/** The switch is on, and where the server was somebody listens and counts: nobody may come, and nothing may take long. */
import { once } from "node:events";
import { createServer } from "node:net";
import { put } from "../stage.mjs";

const decisionMs = 1_000;

/** @type {import("../proof.ts").Proof} */
export const proof = {
  id: "R27",
  title: "Offline not a packet is sent, and every call is decided within a second: the copy's bytes, or a typed error",
  target: "20,000 calls",
  bad: { "asks-first": /connections were made/ },
  async run(stage) {
    const server = await stage.server();
    const keys = Array.from({ length: 20 }, (_, index) => `folder/object-${index}.bin`);
    for (const [index, key] of keys.entries()) await put(server, key, index, stage.random.size(32, 900_000));
    const dir = await stage.folder("cache");
    const before = await stage.worker(server, dir);
    stage.add({ ...(await before.ask("reads", { keys })), tried: 0 });
    await before.kill();
    await server.close();

    let comers = 0;
    const listener = createServer((socket) => {
      comers += 1;
      socket.on("error", () => undefined);
      // It says nothing for longer than a decision may take.
      setTimeout(() => socket.destroy(), decisionMs + 500);
    });
    listener.listen(Number(new URL(server.endpoint).port), "127.0.0.1");
    await once(listener, "listening");
    stage.later(() => listener.close());

    const worker = await stage.worker(server, dir);
    for (let round = 0; round < stage.size(20, 1_000) && !stage.isOver; round += 1) {
      for (const key of [...keys, `unknown ${round}`]) {
        if (!stage.isOver) stage.add(await worker.ask("offlineVerbs", { key, decisionMs }));
        if (comers > 0) stage.wrong(`${comers} connections were made`);
      }
      if (!stage.isOver) stage.add({ ...(await worker.ask("offlineMust", { keys })), tried: 0 });
    }
  },
};
