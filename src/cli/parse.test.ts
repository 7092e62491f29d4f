import { describe, expect, it } from "vitest";
import { choice, count, flag, text } from "./option.ts";
import { findCommand, parseArguments } from "./parse.ts";
import { UsageError } from "./usage-error.ts";

const options = {
  long: flag("", "l"),
  recursive: flag("", "r"),
  lines: count("N", "", "n"),
  profile: text("NAME", ""),
  kind: choice(["object", "folder"], ""),
} as const;
const parse = (...args: string[]) => parseArguments(args, options);

describe("arguments", () => {
  it.each([
    ["a long option with its value apart", ["--profile", "dev"], { profile: "dev" }],
    ["a long option with its value attached", ["--profile=a=b"], { profile: "a=b" }],
    ["an empty value where it is attached", ["--profile="], { profile: "" }],
    ["a value that begins with a dash where it is attached", ["--profile=-x"], { profile: "-x" }],
    ["letters in a bundle", ["-lr"], { long: true, recursive: true }],
    ["a letter's value apart", ["-n", "5"], { lines: 5 }],
    ["a letter's value attached, at the end of a bundle", ["-ln5"], { long: true, lines: 5 }],
    ["the last of two values", ["-n1", "--lines=2"], { lines: 2 }],
    ["one of a few words", ["--kind", "folder"], { kind: "folder" }],
  ])("understand %s", (_, args, expected) => {
    expect(parse(...args).values).toMatchObject(expected);
  });

  it("say of each option whether it was given", () => {
    expect(parse().values).toEqual({
      long: false,
      recursive: false,
      lines: undefined,
      profile: undefined,
      kind: undefined,
    });
  });

  it("may stand before, between and after the addresses", () => {
    expect(parse("a", "-l", "b", "--profile", "p", "c").operands).toEqual(["a", "b", "c"]);
  });

  it("end at --: a key may be called -rf or --help", () => {
    const { values, operands } = parse("-l", "--", "-rf", "--help", "--");
    expect(values.recursive).toBe(false);
    expect(operands).toEqual(["-rf", "--help", "--"]);
  });

  it("take a lone dash for an address", () => {
    expect(parse("-").operands).toEqual(["-"]);
  });

  it.each([
    [["--recursiv"], "unknown option --recursiv", "did you mean --recursive?"],
    [["--porfile=x"], "unknown option --porfile", "did you mean --profile?"],
    [["-x"], "unknown option -x", "everything after -- is an address, whatever it begins with"],
    [["-R"], "unknown option -R", "did you mean -r?"],
    [["-lx"], "unknown option -x", "everything after --"],
    [["--__proto__"], "unknown option --__proto__", ""],
    [["--constructor"], "unknown option --constructor", ""],
    [["--long=yes"], "--long takes no value", "write --long alone"],
    [["--profile"], "--profile needs a value", "write --profile NAME"],
    [["--profile", "--long"], "--profile needs a value", "write --profile=--long"],
    [["-n", "many"], "-n many: expected a whole number from 0 up", ""],
    [["-n", "1e3"], "-n 1e3: expected a whole number", ""],
    [["-n", "-1"], "-n -1: expected a whole number from 0 up", ""],
    [["--profile", "-1"], "--profile needs a value", "write --profile=-1"],
    [["--kind", "all"], "--kind all: expected object or folder", ""],
  ])("that make no sense are refused: %j", (args, message, hint) => {
    const error = failureOf(() => parse(...args));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(message);
    expect(error.hint ?? "").toContain(hint);
  });
});

describe("the command", () => {
  it.each([
    [["ls", "x"], 0],
    [["--profile", "ls", "cat"], 2],
    [["--profile=p", "cat"], 1],
    [["-ln", "5", "cat"], 2],
    [["--", "ls"], -1],
    [["--long"], -1],
  ])("is the first word that is no option's: %j", (args, at) => {
    expect(findCommand(args, options)).toBe(at);
  });
});

function failureOf(work: () => unknown): UsageError {
  try {
    work();
  } catch (error) {
    return error as UsageError;
  }
  throw new Error("did not fail");
}
