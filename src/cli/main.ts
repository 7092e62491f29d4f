#!/usr/bin/env node
/** The command `entrepot`: arguments → call → message. */
import { createRequire } from "node:module";

const { version } = createRequire(import.meta.url)("entrepot/package.json") as { readonly version: string };
console.log(version);
