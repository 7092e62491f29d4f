/** AWS's partitions, which share nothing: which one a region belongs to, and what its host names end in. */

export interface Partition {
  /** As in ARNs. */
  readonly name: string;
  /** Of host names; the same for dual-stack ones. */
  readonly suffix: string;
  readonly hasFips: boolean;
}

const usual: Partition = { name: "aws", suffix: "amazonaws.com", hasFips: true };

const others: readonly (readonly [prefix: string, partition: Partition])[] = [
  ["cn-", { name: "aws-cn", suffix: "amazonaws.com.cn", hasFips: false }],
  ["us-gov-", { name: "aws-us-gov", suffix: "amazonaws.com", hasFips: true }],
  ["us-iso-", { name: "aws-iso", suffix: "c2s.ic.gov", hasFips: true }],
  ["us-isob-", { name: "aws-iso-b", suffix: "sc2s.sgov.gov", hasFips: true }],
  ["us-isof-", { name: "aws-iso-f", suffix: "csp.hci.ic.gov", hasFips: true }],
  ["eu-isoe-", { name: "aws-iso-e", suffix: "cloud.adc-e.uk", hasFips: true }],
  ["eusc-", { name: "aws-eusc", suffix: "amazonaws.eu", hasFips: true }],
];

/** The partition of a region; one that is not known is taken for a new one of the usual partition. */
export function partitionOf(region: string): Partition {
  return others.find(([prefix]) => region.startsWith(prefix))?.[1] ?? usual;
}
