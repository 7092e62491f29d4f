/** Certificates made when they are asked for, so that no key is kept and none expires: just enough of X.509 for TLS in tests. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Certificate {
  /** The certificate in PEM form. */
  readonly cert: string;
  /** Its private key in PEM form. */
  readonly key: string;
}

export interface Authority extends Certificate {
  /** A certificate for these host names and IPv4 addresses. Default: valid from an hour ago for a day. */
  issue(hosts: readonly string[], validity?: { readonly from?: Date; readonly to?: Date }): Certificate;
}

const hourMs = 3_600_000;

/** A new authority that nobody trusts yet. */
export function makeAuthority(name = "entrepot tests"): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const extensions = sequence(
    oid("551d13"),
    Buffer.from([0x01, 0x01, 0xff]),
    octets(sequence(der(0x01, Buffer.from([0xff])))),
  );
  const made = certificate(name, name, own.publicKey, own.privateKey, usual(), [extensions]);
  return {
    ...made,
    issue(hosts, { from = usual().from, to = usual().to } = {}) {
      const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = hosts.map((host) =>
        /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split(".").map(Number))) : der(0x82, Buffer.from(host)),
      );
      const alternative = sequence(oid("551d11"), octets(sequence(...names)));
      const { cert } = certificate(hosts[0] ?? "", name, leaf.publicKey, own.privateKey, { from, to }, [alternative]);
      return { cert, key: pemOfKey(leaf.privateKey) };
    },
  };
}

function usual(): { readonly from: Date; readonly to: Date } {
  return { from: new Date(Date.now() - hourMs), to: new Date(Date.now() + 24 * hourMs) };
}

function certificate(
  subject: string,
  issuer: string,
  publicKey: KeyObject,
  signer: KeyObject,
  { from, to }: { readonly from: Date; readonly to: Date },
  extensions: readonly Buffer[],
): Certificate {
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    sequence(time(from), time(to)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", signed, signer);
  const whole = sequence(signed, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { cert: pem("CERTIFICATE", whole), key: pemOfKey(signer) };
}

function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(name)))));
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replace(/\.\d+Z$|[-:T]/g, (found) => (found.length > 1 ? "Z" : ""))));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function sequence(...items: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(items));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pemOfKey(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
