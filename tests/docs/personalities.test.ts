/** `docs/personalities.md` says what the data says; `npx vitest run tests/docs/personalities.test.ts -u` writes it. */
import { expect, test } from "vitest";
import { type PersonalityDescription, personalities } from "../../src/server/index.ts";

const issue = /^([\w.-]+\/[\w.-]+)#(\d+)$/;

function link(source: string): string {
  const [, repository, number] = issue.exec(source) ?? [];
  if (repository !== undefined) return `[${source}](https://github.com/${repository}/issues/${number})`;
  const { host, pathname } = new URL(source);
  return `[${host}: ${pathname.split("/").filter(Boolean).at(-1)}](${source})`;
}

function section({ name, title, as, behaviours }: PersonalityDescription): string {
  const rows = behaviours.map(({ id, says, source }) => `| \`${id}\` | ${says} | ${source.map(link).join(", ")} |`);
  return [
    `## \`${name}\`: ${title}`,
    `As of: ${as}.`,
    ["| | What a client sees | Written down in |", "|---|---|---|", ...rows].join("\n"),
  ].join("\n\n");
}

const intro = `# The stores as which the test server can behave

<!-- Written by tests/docs/personalities.test.ts from the data in src/server/personality/. -->

Not everything that calls itself S3 does what S3 does. \`startS3Server({ personality: "r2" })\` of \`entrepot/testing\`, or
\`entrepot serve --personality r2\`, behaves as that store does where it differs from AWS; in all else the server stays as
strict as it is. Only what is publicly written down is here, with the place; the list is not complete, and stores change.
\`personalities\` of \`entrepot/testing\` is this page as data, for tests that run against all of them.

What is not imitated: limits of rate (the faults do that), redirects of buckets that are new, and whatever only an account
of the store shows.

Ceph's were also asked of a running radosgw 16.2, which answers the same probes alike; the others stand on their sources alone.`;

test("the page of personalities is what the data says", async () => {
  const page = [intro, ...personalities.map(section)].join("\n\n");
  await expect(`${page}\n`).toMatchFileSnapshot("../../docs/personalities.md");
});
