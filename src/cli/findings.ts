/** What the doctor finds, in the words of the command line, told one after another; the first problem decides the exit code. */
import type { Finding } from "../doctor/index.ts";
import type { Call } from "./command.ts";
import { eventMessage } from "./event-message.ts";
import { inFlags } from "./in-flags.ts";
import type { JsonObject } from "./message.ts";
import { version } from "./version.ts";
import { wayOut } from "./ways-out.ts";

/** The findings of this call's settings and `address`, as they are made. */
export async function* findingsOf(call: Call, address: string | undefined): AsyncGenerator<Finding, void, undefined> {
  const { diagnose } = await import("../doctor/index.ts");
  const { options, ...given } = await call.options();
  const onEvent = call.settings.debug
    ? (event: Parameters<typeof eventMessage>[0]) => call.output.say(eventMessage(event))
    : undefined;
  let worst: Finding | undefined;
  for await (const found of diagnose({
    ...given,
    options: { ...options, onEvent },
    address,
    version,
    signal: call.signal,
  })) {
    const hint = found.status === "problem" ? wayOut(found.code, found.hint) : found.hint && inFlags(found.hint);
    const told = { ...found, hint };
    if (told.status === "problem") worst ??= told;
    yield told;
  }
  // the finding has said it all
  if (worst !== undefined) call.endWith(worst.code ?? "misconfigured");
}

/** A finding for programs. */
export function findingJson(finding: Finding): JsonObject {
  const { source = null, hint = null, code = null } = finding;
  return { type: "finding", ...finding, source, hint, code };
}
