/** The stores that the server can behave as. */
import { aws } from "./aws.ts";
import { b2 } from "./b2.ts";
import { ceph } from "./ceph.ts";
import type { PersonalityDescription, PersonalityName } from "./description.ts";
import { gcs } from "./gcs.ts";
import { minio } from "./minio.ts";
import type { Personality } from "./personality.ts";
import { r2 } from "./r2.ts";

const known: Readonly<Record<PersonalityName, Personality>> = { aws, r2, minio, ceph, b2, gcs };

/** All of them, `aws` first: what each does, and where that is written down. */
export const personalities: readonly PersonalityDescription[] = Object.values(known);

/** As `personality` names them. */
export const personalityNames: readonly PersonalityName[] = Object.keys(known) as PersonalityName[];

export function personalityNamed(name: PersonalityName): Personality {
  return known[name];
}
