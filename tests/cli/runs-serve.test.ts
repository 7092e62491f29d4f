import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltCommand, ended } from "./spawn-command.ts";

let command: BuiltCommand;
const children: ReturnType<BuiltCommand["start"]>[] = [];
beforeAll(async () => {
  command = await BuiltCommand.build();
}, 60_000);
afterAll(async () => {
  // where a test failed half way
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  await command.close();
});

const made = async (...args: string[]) => {
  const { code, stdout, stderr } = await command.run(["runs", ...args, "--runs", "runs"]);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: "" });
  return stdout;
};

describe("runs serve", { timeout: 180_000 }, () => {
  it("has a run made and started over HTTP that a worker executes, and logs no secret", async () => {
    const served = command.start(["runs", "serve", "--runs", "runs", "--port", "0", "--json"]);
    children.push(served);
    const end = ended(served);
    const [first] = await once(createInterface(served.stdout), "line");
    const { type, url, signInUrl } = JSON.parse(String(first));
    expect(type).toBe("ready");
    const secret = String(signInUrl).replace(`${url}/#code=`, "");
    const signedIn = await fetch(`${url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ secret }),
    });
    expect(signedIn.status).toBe(204);
    const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { cookie, origin: url, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      expect({ path, status: answer.status, text }).toMatchObject({ path, status: expect.any(Number) });
      expect(answer.status, text).toBeLessThan(300);
      return text;
    };
    await ask("POST", "/models", { name: "hello" });
    const program = { command: [process.execPath, "-e", "console.log('from', process.env.ENTREPOT_POLICY_ID)", "--"] };
    await ask("POST", "/models/hello/versions", { program });
    const { id } = JSON.parse(await ask("POST", "/runs", { model: "hello", policies: ["base", "high"] }));
    const worker = command.start(["runs", "worker", "--runs", "runs", "--quiet"]);
    children.push(worker);
    const workerEnd = ended(worker);
    await ask("POST", `/runs/${id}/start`);
    const events = await ask("GET", `/runs/${id}/events`);
    expect(events).toContain('"line":"from base"');
    expect(events).toContain('"line":"from high"');
    expect(events).toMatch(/event: ended\ndata: .*"state":"done"}\n\n$/);
    worker.kill("SIGINT");
    await workerEnd;
    served.kill("SIGINT");
    const { code, stdout, stderr } = await end;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split(secret)).toHaveLength(2);
    expect(stdout).not.toContain(cookie.split("=")[1]);
    expect(stdout).toContain('"path":"/api/v1/runs"');
  });

  it("says what is wrong with its place", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    const taken = await command.run(["runs", "serve", "--runs", "runs", "--port", String(port)]);
    expect(taken.stderr).toContain(`port ${port} is taken`);
    holder.close();
    const open = await command.run(["runs", "serve", "--runs", "runs", "--port", "0", "--host", "0.0.0.0"]);
    expect([open.code, open.stderr]).toEqual([expect.any(Number), expect.stringContaining("--public")]);
    expect(open.code).not.toBe(0);
    const tokenless = await command.run([
      "runs",
      "serve",
      "--runs",
      "runs",
      "--port",
      "0",
      "--host",
      "0.0.0.0",
      "--public",
    ]);
    expect(tokenless.stderr).toContain("there is no token");
    expect(await made("token", "list")).not.toContain("entrepot_");
  });
});
