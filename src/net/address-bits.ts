/** An address as a number, so that networks can be compared without node:net, which costs every start two milliseconds. */

export interface AddressBits {
  readonly value: bigint;
  /** 32 or 128. */
  readonly width: number;
}

/** `undefined` for a name. IPv6 is without brackets; an IPv4 address within it (`::ffff:10.0.0.1`) is that IPv4 address. */
export function addressBits(host: string): AddressBits | undefined {
  if (host.includes(":")) return ipv6(host);
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? ipv4(host) : undefined;
}

/** Whether the first `bits` of both are the same. */
export function shareBits(a: AddressBits, b: AddressBits, bits: number): boolean {
  const rest = BigInt(a.width - bits);
  return a.width === b.width && a.value >> rest === b.value >> rest;
}

function ipv4(host: string): AddressBits | undefined {
  const bytes = host.split(".").map(Number);
  return bytes.some((byte) => byte > 255) ? undefined : { value: joined(bytes, 8n), width: 32 };
}

/** `URL` knows every spelling, and writes all as groups of four hex digits with one gap. */
function ipv6(host: string): AddressBits | undefined {
  const url = `http://[${host}]`;
  if (!URL.canParse(url)) return undefined;
  const [before = "", after] = new URL(url).hostname.slice(1, -1).split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const head = groups(before);
  const tail = groups(after ?? "");
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  const value = joined(all, 16n);
  return value >> 32n === 0xffffn ? { value: value & 0xffffffffn, width: 32 } : { value, width: 128 };
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}
