/** Each setting with who decided it, as the depot itself says. */
import { describeSettings, type EntrepotOptions } from "../depot/index.ts";
import { type Finding, finding, problem } from "./finding.ts";

/** One finding a setting; one problem instead of all, where a value has no meaning. */
export function settingFindings(options: EntrepotOptions, fromDotenv: readonly string[]): Finding[] {
  try {
    return describeSettings(options).map(({ name, value, source }) =>
      finding(name, value, { source: sourceWithDotenv(source, fromDotenv) }),
    );
  } catch (error) {
    return [problem("settings", error)];
  }
}

/** The depot sees one environment; what came from the working folder's `.env` is said to. */
function sourceWithDotenv(source: string, fromDotenv: readonly string[]): string {
  const variable = /^environment (\S+)$/.exec(source)?.[1];
  return variable !== undefined && fromDotenv.includes(variable) ? `file .env ${variable}` : source;
}
