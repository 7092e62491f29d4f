/** Delays, drips, rates and redirects in a line: `lognormal 50ms sigma 0.5`, `10B every 100ms`, `3500/s per prefix`. */
import { decimal, readCount, readDuration, readNumber, readSize, writeDuration, writeSize } from "./amounts.ts";
import type { Delay } from "./delays.ts";
import type { Drip } from "./fault.ts";
import type { Rate } from "./rate.ts";
import type { Redirect } from "./redirect.ts";
import type { Words } from "./words.ts";

const duration = "a duration, e.g. 50ms or 2s";
const sizeName = "a number of bytes, e.g. 10 or 64KiB";

export function readDelay(words: Words): Delay {
  const range = words.takeMatch(/^(?!.*\.\.\.)(\d[\d.]*?(?:ms|s|m|h)|0)\.\.(\d[\d.]*(?:ms|s|m|h)|0)$/);
  if (range !== undefined) return rangeOf(range);
  if (words.takeIf("uniform")) {
    return words.takeValue("a range, e.g. 20ms..60ms", (text) => {
      const match = /^(.+?)\.\.(.+)$/.exec(text);
      return match === null || readDuration(match[1] ?? "") === undefined ? undefined : rangeOf(match);
    });
  }
  if (words.takeIf("normal")) {
    const meanMs = words.takeValue(duration, readDuration);
    words.takeOneOf(["deviation"], "part of a normal delay");
    return { kind: "normal", meanMs, deviationMs: words.takeValue(duration, readDuration) };
  }
  if (words.takeIf("lognormal")) {
    const medianMs = words.takeValue(duration, readDuration);
    words.takeOneOf(["sigma"], "part of a lognormal delay");
    return { kind: "lognormal", medianMs, sigma: words.takeValue("a number, e.g. 0.5", readNumber) };
  }
  if (words.takeIf("exponential")) return { kind: "exponential", meanMs: words.takeValue(duration, readDuration) };
  words.takeIf("constant");
  return {
    kind: "constant",
    ms: words.takeValue(`${duration}, a range (20ms..60ms), or uniform, normal, lognormal, exponential`, readDuration),
  };
}

function rangeOf([, min = "", max = ""]: RegExpExecArray): Delay {
  return { kind: "uniform", minMs: readDuration(min) ?? Number.NaN, maxMs: readDuration(max) ?? Number.NaN };
}

export function writeDelay(delay: Delay): string {
  switch (delay.kind) {
    case "constant":
      return writeDuration(delay.ms);
    case "uniform":
      return `${writeDuration(delay.minMs)}..${writeDuration(delay.maxMs)}`;
    case "normal":
      return `normal ${writeDuration(delay.meanMs)} deviation ${writeDuration(delay.deviationMs)}`;
    case "lognormal":
      return `lognormal ${writeDuration(delay.medianMs)} sigma ${decimal(delay.sigma)}`;
    case "exponential":
      return `exponential ${writeDuration(delay.meanMs)}`;
  }
}

export function readDrip(words: Words): Drip {
  const bytes = words.takeValue(sizeName, readSize);
  words.takeOneOf(["every"], "part of a drip");
  return { bytes, everyMs: words.takeValue(duration, readDuration) };
}

export function writeDrip({ bytes, everyMs }: Drip): string {
  return `${writeSize(bytes)} every ${writeDuration(everyMs)}`;
}

export function readRate(words: Words): Rate {
  const perSecond = words.takeValue("requests per second, e.g. 3500/s", (text) =>
    text.endsWith("/s") ? readNumber(text.slice(0, -2)) : undefined,
  );
  const rate: { -readonly [K in keyof Rate]: Rate[K] } = { perSecond };
  while (true) {
    if (words.takeIf("of")) rate.of = words.takeOneOf(["reads", "writes"], "kind of request");
    else if (words.takeIf("per"))
      rate.per = words.takeOneOf(["prefix", "bucket", "key"], "thing with a rate of its own");
    else if (words.takeIf("depth")) rate.prefixDepth = words.takeValue("a number of segments, e.g. 2", readCount);
    else if (words.takeIf("burst")) rate.burst = words.takeValue("a number of requests, e.g. 100", readNumber);
    else if (words.takeIf("503")) rate.status = 503;
    else if (words.takeIf("429")) rate.status = 429;
    else if (words.takeIf("retry-after")) rate.retryAfterSeconds = readSeconds(words);
    else {
      const code = words.takeMatch(/^[A-Z]\w*$/)?.[0];
      if (code === undefined) return rate;
      rate.code = code;
    }
  }
}

export function writeRate(rate: Rate): string {
  return [
    `${decimal(rate.perSecond)}/s`,
    ...(rate.of === undefined ? [] : ["of", rate.of]),
    ...(rate.per === undefined ? [] : ["per", rate.per]),
    ...(rate.prefixDepth === undefined ? [] : ["depth", rate.prefixDepth]),
    ...(rate.burst === undefined ? [] : ["burst", decimal(rate.burst)]),
    ...(rate.status === undefined ? [] : [rate.status]),
    ...(rate.code === undefined ? [] : [rate.code]),
    ...(rate.retryAfterSeconds === undefined ? [] : ["retry-after", writeDuration(rate.retryAfterSeconds * 1000)]),
  ].join(" ");
}

/** Whole ones. */
export function readSeconds(words: Words): number {
  return words.takeValue("whole seconds, e.g. 7s", (text) => {
    const ms = readDuration(text);
    return ms === undefined || ms % 1000 !== 0 ? undefined : ms / 1000;
  });
}

export function readRedirect(words: Words): Redirect {
  const redirect: { -readonly [K in keyof Redirect]: Redirect[K] } = {};
  while (true) {
    const status = words.takeMatch(/^30[1278]$/)?.[0];
    if (status !== undefined) redirect.status = Number(status) as 301;
    else if (words.takeIf("to")) redirect.to = words.take("an address, e.g. http://127.0.0.1:9000").text;
    else if (words.takeIf("region")) redirect.region = words.take("a region, e.g. eu-west-1").text;
    else return redirect;
  }
}

export function writeRedirect({ status, to, region }: Redirect): string {
  return [
    ...(status === undefined ? [] : [status]),
    ...(to === undefined ? [] : ["to", to]),
    ...(region === undefined ? [] : ["region", region]),
  ].join(" ");
}
