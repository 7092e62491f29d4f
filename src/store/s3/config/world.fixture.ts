/** A made-up machine: its files are a record, its clock a number, its network loopback, its programs real ones. */

import { noon } from "../../../../tests/aws-services.ts";
import { runProgram } from "../../../disk/index.ts";
import { openTransport, type Transport } from "../../../net/index.ts";
import { FakeClock } from "../scripted.fixture.ts";
import type { Credentials } from "../sign.ts";
import type { AwsWorld } from "./aws-world.ts";
import { resolveS3Access } from "./resolve-access.ts";

export interface FakeWorld extends AwsWorld {
  readonly clock: FakeClock;
  /** By path; `~` is `/h`. */
  readonly files: Record<string, string>;
}

const home = "/h";
const shared: Transport = openTransport({ workload: "few" });

export function fakeWorld(
  env: Readonly<Record<string, string>> = {},
  given: Readonly<Record<string, string>> = {},
  over: Partial<AwsWorld> = {},
): FakeWorld {
  const clock = new FakeClock();
  clock.nowMs = noon;
  const files = Object.fromEntries(Object.entries(given).map(([path, text]) => [path.replace(/^~/, home), text]));
  return {
    env,
    files,
    clock,
    homeDir: home,
    transport: shared,
    run: runProgram,
    readFile: async (path) => files[path],
    async writePrivateFile(path, text) {
      files[path] = text;
    },
    ...over,
  } as FakeWorld;
}

/** The credentials that these options lead to, asked of whom they are to be had. */
export async function credentialsIn(
  world: AwsWorld,
  options: Parameters<typeof resolveS3Access>[0] = {},
): Promise<Credentials> {
  const { credentials } = await resolveS3Access(options, world);
  if (credentials === "anonymous") throw new Error("anonymous");
  return typeof credentials === "function" ? credentials() : credentials;
}
