/** One probe for each behaviour of each personality, over a socket: what the behaviour says, asserted. By the behaviour's id. */
import type { Probe } from "./probes/asked.ts";
import { aws } from "./probes/aws.ts";
import { b2 } from "./probes/b2.ts";
import { ceph } from "./probes/ceph.ts";
import { gcs } from "./probes/gcs.ts";
import { minio } from "./probes/minio.ts";
import { r2 } from "./probes/r2.ts";

export const probes: Readonly<Record<string, Probe>> = { ...aws, ...r2, ...minio, ...ceph, ...b2, ...gcs };
