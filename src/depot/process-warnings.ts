/** What becomes of warnings that nobody listens for: each is a warning of the process, once. */
import type { EntrepotError } from "../error/index.ts";
import type { DepotEvent } from "./options.ts";

export function emitWarning({ message, code, hint }: EntrepotError): void {
  process.emitWarning(message, {
    type: "EntrepotWarning",
    code,
    ...(hint === undefined ? {} : { detail: hint }),
  });
}

/** Remembers so many, so that a program that runs for months does not grow by its warnings. */
const mostRemembered = 1_000;

/** A listener of its own memory. */
export function processWarnings(): (event: DepotEvent) => void {
  const warned = new Set<string>();
  return (event) => {
    if (event.type !== "warning") return;
    const text = `${event.error.code} ${event.error.message}`;
    if (warned.has(text)) return;
    if (warned.size < mostRemembered) warned.add(text);
    emitWarning(event.error);
  };
}
