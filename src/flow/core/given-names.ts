/** Names of what a flow is given that nobody in it asks for: mistakes of spelling, which would be ignored without a word. */
import { closest, EntrepotError } from "../../error/index.ts";
import type { FlowDefinition } from "./dataflow.ts";
import type { Graph } from "./graph/graph.ts";
import { askedNames, choosingKeys } from "./graph/outside-names.ts";
import { declaredNames } from "./inputs.ts";
import type { Resolved } from "./plan/step.ts";

type Named = Readonly<Record<string, unknown>>;

export class GivenNames {
  private readonly definition: FlowDefinition;
  private readonly graph: Graph;
  private asked: ReadonlySet<string> | undefined;
  private isConfigSound = false;

  constructor(definition: FlowDefinition, graph: Graph) {
    this.definition = definition;
    this.graph = graph;
  }

  /** Throws `misconfigured` for a key that neither chooses nor is asked for, `ParserNeeded` until there is a parser. */
  checkConfig(config: Named): void {
    const given = present(config);
    if (this.isConfigSound || given.length === 0) return;
    const keys = choosingKeys(this.graph.functions());
    for (const key of given) {
      if (keys.has(key) || this.isAsked(key)) continue;
      const known = new Set([...keys, ...this.outside()]);
      throw unknown(`no node of the flow is chosen by the config '${key}', and none asks for it`, key, known);
    }
    this.isConfigSound = true;
  }

  /**
   * Throws `misconfigured` for an input that no node asks for, under whatever configuration, and for one that is a node itself;
   * `ParserNeeded` until there is a parser.
   */
  checkInputs(inputs: Named, { asked }: Pick<Resolved, "asked">, outputs: readonly string[]): void {
    const seen = new Set([...asked.map(({ name }) => name), ...outputs]);
    const declared = declaredNames(this.definition);
    for (const name of present(inputs)) {
      if (this.graph.nodes.has(name))
        throw new EntrepotError("misconfigured", `'${name}' is a node of the flow, not an input`, {
          hint: "leave it out, or give it as an override to have it not run",
        });
      if (seen.has(name) || declared === "any" || declared.has(name) || this.isAsked(name)) continue;
      throw unknown(
        `no node of the flow asks for the input '${name}'`,
        name,
        new Set([...declared, ...this.outside()]),
      );
    }
  }

  private isAsked(name: string): boolean {
    this.asked ??= askedNames(this.graph.functions(), this.graph.parser);
    return this.asked.has(name);
  }

  private outside(): readonly string[] {
    return [...(this.asked ?? [])].filter((name) => !this.graph.nodes.has(name));
  }
}

/** `undefined` is as good as nothing. */
function present(values: Named): string[] {
  return Object.keys(values).filter((name) => values[name] !== undefined);
}

function unknown(what: string, name: string, known: ReadonlySet<string>): EntrepotError<"misconfigured"> {
  const near = closest(name, known);
  const there = known.size === 0 ? "it takes none; leave it out" : `there is ${[...known].slice(0, 12).join(", ")}`;
  return new EntrepotError("misconfigured", what, { hint: near === undefined ? there : `did you mean '${near}'?` });
}
