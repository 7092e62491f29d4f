/** The door `entrepot/testing`: for the tests of those who build on entrepot. The library never imports it. */
export { EntrepotError } from "../error/index.ts";
