/** Who owns everything here, as documents name him. */
import { owner } from "./operation.ts";
import { element, textElement, type Xml } from "./xml/xml-writer.ts";

/** His id and name. */
export const personParts: readonly Xml[] = [textElement("ID", owner.id), textElement("DisplayName", owner.displayName)];

/** `<Owner>` or `<Initiator>`. */
export function personElement(name: "Owner" | "Initiator"): Xml {
  return element(name, ...personParts);
}
