/** What a picture says of a node in words, the same in every kind of picture: nothing is told by colour alone. */
import type { PictureNode } from "../picture-graph.ts";

/** What happens to a node. */
export const stateWords: Readonly<Record<NonNullable<PictureNode["state"]>, string>> = {
  run: "runs",
  hit: "kept, not run",
  given: "given",
  unneeded: "not needed",
  failed: "failed",
};

/** Below the name of a node: what it is, which variant was chosen, whether its results are kept, what happens to it. */
export function wordsOf(node: PictureNode): string[] {
  const { kind, state } = node;
  const words: string[] = [];
  if (kind === "choice") words.push(choiceWords(node));
  else if (kind !== "function" && !(kind === "override" && state === "given")) words.push(kindWords[kind]);
  if (node.cached === true && state !== "hit") words.push("results are kept");
  if (state !== undefined && !(kind === "input" && state === "given")) words.push(stateWords[state]);
  if (node.isOutput === true) words.push("asked for");
  return words;
}

const kindWords = { input: "input", constant: "constant", each: "for each", override: "override" } as const;

function choiceWords({ variant, variants = [] }: PictureNode): string {
  const others = variants.filter((each) => each !== variant);
  if (variant === undefined) return `one of ${others.join(", ")}`;
  return others.length === 0 ? variant : `${variant}, not ${others.join(", ")}`;
}

/** `text` on one line and without control characters, at most `most` characters. */
export function shortened(text: string, most: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a picture
  const line = text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join("")}…`;
}

/** Nodes by group, in the order of the graph; those without a group come first. */
export function byGroup(nodes: readonly PictureNode[]): Map<string | undefined, PictureNode[]> {
  const groups = new Map<string | undefined, PictureNode[]>([[undefined, []]]);
  for (const node of nodes) {
    const group = groups.get(node.group);
    if (group === undefined) groups.set(node.group, [node]);
    else group.push(node);
  }
  if (groups.get(undefined)?.length === 0) groups.delete(undefined);
  return groups;
}
