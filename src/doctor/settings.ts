/** Each setting with who decided it, as the depot itself says. */
import { describeAccess, describeRoute, describeSettings, type EntrepotOptions } from "../depot/index.ts";
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

/** As whom and where S3 is reached; a profile that does not exist is a problem, not a default. */
export async function accessFindings(
  options: EntrepotOptions,
  bucket: string | undefined,
  fromDotenv: readonly string[],
): Promise<Finding[]> {
  const access = (from: EntrepotOptions) => describeAccess(from, bucket);
  const all: Finding[] = [];
  try {
    all.push(...told(await access(options), fromDotenv));
  } catch (error) {
    all.push(problem("s3", error));
    // who it is does not keep us from saying where it is
    const { profile, credentials: _, ...rest } = options;
    const env = profile === undefined ? options.env : { ...options.env, AWS_PROFILE: profile };
    const where = await access({ ...rest, env, anonymous: true } as EntrepotOptions).catch(() => []);
    all.push(...told(where.slice(1), fromDotenv));
  }
  try {
    all.push(...told(await describeRoute(options, bucket), fromDotenv));
  } catch (error) {
    const route = problem("s3.host", error);
    if (all.every(({ value }) => value !== route.value)) all.push(route);
  }
  return all;
}

function told(settings: Awaited<ReturnType<typeof describeAccess>>, fromDotenv: readonly string[]): Finding[] {
  return settings.map(({ name, value, source }) =>
    finding(`s3.${name}`, value, {
      source: sourceWithDotenv(source.replace(/^[A-Z0-9_]+$/, "environment $&"), fromDotenv),
    }),
  );
}

/** The depot sees one environment; what came from the working folder's `.env` is said to. */
function sourceWithDotenv(source: string, fromDotenv: readonly string[]): string {
  const variable = /^environment (\S+)$/.exec(source)?.[1];
  return variable !== undefined && fromDotenv.includes(variable) ? `file .env ${variable}` : source;
}
