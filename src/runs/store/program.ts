/** What a version executes, checked: plain text only, which no shell ever sees. */
import { shownValue } from "../../error/index.ts";
import type { Program } from "./records.ts";
import { unfit } from "./unfit.ts";

const longest = 100_000;

/** TypeError and RangeError. */
export function checkProgram(program: Program): Program {
  const { command, dir, image, env, ...rest } = program;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw unfit(new TypeError(`A program has no ${JSON.stringify(unknown)}: command, dir, image, env`));
  if (!Array.isArray(command) || command.length === 0 || !command.every((each) => isText(each)) || command[0] === "")
    throw unfit(
      new TypeError(`The command of a program is a list of texts, the program first, not ${shownValue(command)}`),
    );
  for (const [name, value] of [
    ["dir", dir],
    ["image", image],
  ] as const)
    if (value !== undefined && (!isText(value) || value === ""))
      throw unfit(new TypeError(`The ${name} of a program is a text`));
  for (const [name, value] of Object.entries(env ?? {}))
    if (!/^[A-Za-z_]\w*$/.test(name) || !isText(value))
      throw unfit(
        new TypeError(
          `${JSON.stringify(name)} of the environment of a program: names of letters, digits and _, and texts`,
        ),
      );
  const checked: Program = {
    command: [...command],
    ...(dir === undefined ? {} : { dir }),
    ...(image === undefined ? {} : { image }),
    ...(env === undefined ? {} : { env: { ...env } }),
  };
  if (JSON.stringify(checked).length > longest)
    throw unfit(new RangeError(`A program has at most ${longest} characters`));
  return checked;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && !/\0|\p{Surrogate}/u.test(value);
}
