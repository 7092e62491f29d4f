/** What is loaded when somebody first has to do with an outbox, in one piece. */
export { openOutbox } from "./outbox.ts";
export { outboxedStore } from "./outboxed-store.ts";
export { conflictOf, send } from "./send.ts";
