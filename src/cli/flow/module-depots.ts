/** Depots that the modules of a flow open themselves: the settings of the command line hold for them, and what they wait for is said. */
import { type DepotEvent, holdDefaults } from "../../depot/index.ts";
import type { Call } from "../command.ts";
import { eventMessage, toldToAll } from "../event-message.ts";
import { watchSlowTries } from "../slow-tries.ts";

/** From here on, before modules are loaded, until the function that it gives is called. */
export async function holdModuleDepots(call: Pick<Call, "options" | "output" | "settings">): Promise<() => void> {
  const { env: _, ...options } = (await call.options()).options;
  return holdDefaults({ ...options, onEvent: moduleEvents(call) });
}

/** On a terminal every slow try is said; elsewhere the first one for each address, so that a log says why it stands still. */
export function moduleEvents({ output, settings }: Pick<Call, "output" | "settings">): (event: DepotEvent) => void {
  const isSlow = watchSlowTries();
  const waiting = new Set<string | undefined>();
  return (event) => {
    const isWait = isSlow(event) && (output.isTerminal || waiting.size < waiting.add(event.uri).size);
    if (settings.debug || ((isWait || toldToAll.has(event.type)) && !output.quiet)) output.say(eventMessage(event));
  };
}
