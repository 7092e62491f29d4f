/** `entrepot completion`: the script that makes a shell complete commands, options and names, remote ones included. */
import { type Command, defineCommand } from "../command.ts";
import { scripts, shells } from "../completion/scripts.ts";
import { UsageError } from "../usage-error.ts";

export const completion: Command = defineCommand({
  name: "completion",
  summary: "what makes a shell complete commands, options and remote names",
  synopsis: "<shell>",
  operands: { min: 1, max: 1, words: shells },
  options: {},
  settings: "none",
  notes: [
    'bash: put  eval "$(entrepot completion bash)"  into ~/.bashrc',
    'zsh: put  eval "$(entrepot completion zsh)"  into ~/.zshrc, after compinit',
    "fish: entrepot completion fish > ~/.config/fish/completions/entrepot.fish",
    "Then s3:// and TAB completes buckets, s3://bucket/da and TAB names in that bucket, one level and one page of them; with the line's own --profile and --endpoint. It waits for a second at most. Offline it completes what was pinned or is kept here.",
  ],
  examples: [
    { line: "entrepot completion bash", says: "the script for bash" },
    { line: "entrepot completion zsh", says: "for zsh" },
    { line: "entrepot completion fish", says: "for fish" },
  ],
  async run(call, _values, [word]) {
    const shell = shells.find((one) => one === word);
    if (shell === undefined) throw new UsageError(`there is no completion for ${word}`, `one of ${shells.join(", ")}`);
    await call.output.write(scripts[shell]);
  },
});
