/** IP addresses and ranges of them, as `IpAddress` conditions write them: `203.0.113.0/24`, `2001:db8::/32`, one address. */

export interface AddressRange {
  readonly family: "ipv4" | "ipv6";
  /** How many bits at the start are the same for all. */
  readonly bits: number;
  includes(address: string): boolean;
}

/** Undefined when it is no range. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = "", mask, ...rest] = text.split("/");
  const start = parseAddress(address);
  if (start === undefined || rest.length > 0) return undefined;
  const most = start.length * 8;
  if (mask !== undefined && (!/^\d{1,3}$/.test(mask) || Number(mask) > most)) return undefined;
  const bits = mask === undefined ? most : Number(mask);
  return {
    family: start.length === 4 ? "ipv4" : "ipv6",
    bits,
    includes: (one) => {
      const bytes = parseAddress(plainAddress(one));
      return bytes !== undefined && bytes.length === start.length && sameStart(bytes, start, bits);
    },
  };
}

/** A socket that takes both families shows IPv4 addresses in IPv6's clothes. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function sameStart(one: readonly number[], other: readonly number[], bits: number): boolean {
  return one.every((byte, index) => {
    const counted = Math.min(Math.max(bits - index * 8, 0), 8);
    return (byte ^ (other[index] ?? 0)) >> (8 - counted) === 0;
  });
}

/** Its four or sixteen bytes. */
function parseAddress(text: string): readonly number[] | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::").map(groupBytes);
  const [head, tail] = halves;
  if (head === undefined || halves.length > 2 || (halves.length === 2 && tail === undefined)) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  return missing < 2 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
}

/** The last group may be an IPv4 address. */
function groupBytes(half: string): readonly number[] | undefined {
  if (half === "") return [];
  const groups = half.split(":");
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const dotted = index === groups.length - 1 && group.includes(".") ? parseIpv4(group) : undefined;
    if (dotted !== undefined) bytes.push(...dotted);
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes;
}
