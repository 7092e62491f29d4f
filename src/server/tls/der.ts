/** Just enough of ASN.1's DER to write a certificate: each function gives one element, whole. Writes only, never reads. */

/** One element: tag, length, content. Contents below 64 KiB. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

export function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...items);
}

export function set(...items: readonly Uint8Array[]): Uint8Array {
  return der(0x31, ...items);
}

/** A positive one, from its bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  // A first bit would make it negative.
  return der(0x02, ...((bytes[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : []), bytes);
}

export function boolean(value: boolean): Uint8Array {
  return der(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octets(content: Uint8Array): Uint8Array {
  return der(0x04, content);
}

/** `unusedBits` are those at the end of the last byte that mean nothing. */
export function bits(content: Uint8Array, unusedBits = 0): Uint8Array {
  return der(0x03, Buffer.from([unusedBits]), content);
}

/** `2.5.29.17`: its numbers as bytes of seven bits. */
export function objectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

export function utf8(text: string): Uint8Array {
  return der(0x0c, Buffer.from(text));
}

/** To the second, in years before 2050 as X.509 wants it. */
export function time(ms: number): Uint8Array {
  const digits = new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/\D/g, "");
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}

/** As OpenSSL writes it. */
export function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
