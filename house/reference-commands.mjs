/** The page of the command line: its own help, asked of the built command. The settings that all share stand once. */
import { execFileSync } from "node:child_process";
import { commands, root } from "./doors.mjs";

const [command] = commands;

export function commandsPage() {
  const overview = helpOf("--help").replace(/^(\S+) \d+\.\d+\.\d+[^\s:]*/, "$1");
  const names = [...(/^Commands\n((?: {2}.*\n)+)/m.exec(overview)?.[1] ?? "").matchAll(/^ {2}(\S+)/gm)].map(
    ([, name = ""]) => name,
  );
  const topics = (/help <topic>\s+(.*)/.exec(overview)?.[1] ?? "").split(", ");
  const helps = names.flatMap((name) => helpsBelow([name]));
  const shared = helps.find(({ settings }) => settings !== "")?.settings ?? "";
  if (names.length === 0 || shared === "")
    throw new Error("the help of the command has another form than this page expects");
  return [
    `# ${command?.name} on the command line`,
    "<!-- Written by `npm run reference` from the command's own help. -->",
    text(overview),
    "## Settings of every command that reaches a store",
    text(shared),
    ...helps.flatMap(({ name, own, settings }) => [
      `## ${name}`,
      text(settings === "" || settings === shared ? own : `${own}\n${settings}`),
    ]),
    ...topics.flatMap((topic) => [`## ${topic}`, text(helpOf("help", topic))]),
  ]
    .join("\n\n")
    .concat("\n");
}

/**
 * The help of a command and of all that it can do.
 * @param {string[]} words
 * @returns {{ name: string, own: string, settings: string }[]}
 */
function helpsBelow(words) {
  const help = helpOf(...words, "--help");
  const actions = [...(/^Actions\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? "").matchAll(/^ {2}(\S+)/gm)];
  return [
    { name: words.join(" "), ...apart(help) },
    ...actions.flatMap(([, action = ""]) => helpsBelow([...words, action])),
  ];
}

/** @param {string} help */
function apart(help) {
  const settings = /^Settings\n(?: {2}.*\n)+/m.exec(help)?.[0] ?? "";
  return { own: help.replace(settings, "").replace(/\nExit codes: .*\n/, ""), settings };
}

/** @param {string[]} words */
function helpOf(...words) {
  const env = { PATH: process.env["PATH"], HOME: root };
  return execFileSync(process.execPath, [`${root}${command?.bundle}`, ...words], { encoding: "utf8", env });
}

/** @param {string} body */
function text(body) {
  return `\`\`\`text\n${body.trimEnd()}\n\`\`\``;
}
