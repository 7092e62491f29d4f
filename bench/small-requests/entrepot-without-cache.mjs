/** The public verbs with `cache: false`: what a PUT costs that keeps no copy. */
import { open as openWith } from "./entrepot.mjs";

export { version } from "./entrepot.mjs";

export const open = (/** @type {{ endpoint: string }} */ at) => openWith({ ...at, cache: false });
