/**
 * An authority of a server's own and certificates under it, made in the process: P-256, no file, no program. Its key never leaves
 * this module, so that nobody else can issue a certificate under it.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, boolean, der, integer, objectId, octets, pem, sequence, set, time, utf8 } from "./der.ts";

/** In PEM form. */
export interface KeyAndCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** Its certificate in PEM form: what clients are to trust. */
  readonly ca: string;
  /** One for these names and addresses. Costs about 0.3 ms. */
  issue(hosts: readonly string[]): KeyAndCertificate;
}

const dayMs = 86_400_000;
const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

/** Valid from a day before `nowMs` (milliseconds since 1970) for thirteen months; its certificates, too. */
export function makeAuthority(nowMs: number): Authority {
  const [authority, server] = [keyPair(), keyPair()];
  const key = String(server.privateKey.export({ type: "pkcs8", format: "pem" }));
  // A client may know several of them: each has a name of its own.
  const issuer = nameOf(`entrepot test authority ${randomBytes(4).toString("hex")}`);
  const validity = sequence(time(nowMs - dayMs), time(nowMs + 397 * dayMs));
  const make = (subject: Uint8Array, publicKey: KeyObject, extensions: readonly Uint8Array[]): string =>
    certificate({ issuer, subject, validity, publicKey, signer: authority.privateKey, extensions });
  const ca = make(issuer, authority.publicKey, [
    extension("2.5.29.19", sequence(boolean(true)), true),
    // keyCertSign, cRLSign
    extension("2.5.29.15", bits(Buffer.from([0x06]), 1), true),
    extension("2.5.29.14", octets(keyId(authority.publicKey))),
  ]);
  return {
    ca,
    issue: (hosts) => {
      const cert = make(nameOf("entrepot test server"), server.publicKey, [
        extension("2.5.29.19", sequence(), true),
        // digitalSignature
        extension("2.5.29.15", bits(Buffer.from([0x80]), 7), true),
        // serverAuth
        extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"))),
        extension("2.5.29.17", sequence(...hosts.map(alternativeName))),
        extension("2.5.29.14", octets(keyId(server.publicKey))),
        extension("2.5.29.35", sequence(der(0x80, keyId(authority.publicKey)))),
      ]);
      return { cert, key };
    },
  };
}

function keyPair() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

interface Parts {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly validity: Uint8Array;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Uint8Array[];
}

/** RFC 5280, section 4.1. */
function certificate({ issuer, subject, validity, publicKey, signer, extensions }: Parts): string {
  const version3 = der(0xa0, integer(Buffer.from([2])));
  const serial = randomBytes(16);
  // Positive, and never with a zero in front, which DER does not allow.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const extended = der(0xa3, sequence(...extensions));
  const signed = sequence(version3, integer(serial), ecdsaWithSha256, issuer, validity, subject, spki, extended);
  return pem("CERTIFICATE", sequence(signed, ecdsaWithSha256, bits(sign("sha256", signed, signer))));
}

function nameOf(commonName: string): Uint8Array {
  return sequence(set(sequence(objectId("2.5.4.3"), utf8(commonName))));
}

function extension(id: string, content: Uint8Array, critical = false): Uint8Array {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(content));
}

function keyId(key: KeyObject): Uint8Array {
  return createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();
}

function alternativeName(host: string): Uint8Array {
  if (/^\d+(?:\.\d+){3}$/.test(host)) return der(0x87, Buffer.from(host.split(".").map(Number)));
  return host.includes(":") ? der(0x87, ipv6Bytes(host)) : der(0x82, Buffer.from(host));
}

/** `::` stands for as many zero groups as are missing. */
function ipv6Bytes(address: string): Uint8Array {
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
