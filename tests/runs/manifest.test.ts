/** What is printed of a job needs nothing that only sending it needs. */
import { expect, test } from "vitest";
import { entrepot } from "../../src/index.ts";
import { submitterOf } from "../../src/runs/index.ts";

test("what Kubernetes would be sent is told without a server to send it to", async () => {
  const data = entrepot({ roots: { cloud: "s3://b/r/" }, location: "cloud", cache: false, env: {}, envFile: false });
  const submitter = submitterOf("kubernetes", { data, options: { env: {} }, service: { secret: "s" } });
  const run = { id: "r1", model: "m", version: "v1", retries: 2, policies: ["p"], options: {} };
  const task = { run, version: { program: { command: ["x"], image: "i:1" } }, policyId: "p" } as never;
  const { url } = await submitter.manifest(task);
  expect(url).toBe("https://kubernetes.default.svc/apis/batch/v1/namespaces/default/jobs");
  await expect(submitter.submit(task)).rejects.toMatchObject({ code: "misconfigured" });
  await submitter.close();
  await data.close();
});
