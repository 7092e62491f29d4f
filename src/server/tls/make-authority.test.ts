import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeAuthority } from "./make-authority.ts";

const nowMs = Date.UTC(2026, 10, 22, 12);
const hosts = ["localhost", "*.s3.localhost", "127.0.0.1", "::1", "fd00::12:3"];
const made = makeAuthority(nowMs);
const [leaf, authority] = [new X509Certificate(made.issue(hosts).cert), new X509Certificate(made.ca)];

test("the server's certificate is for these hosts and no others", () => {
  expect(leaf.checkHost("localhost")).toBe("localhost");
  expect(leaf.checkHost("bucket.s3.localhost")).toBe("*.s3.localhost");
  expect(leaf.checkHost("example.com")).toBeUndefined();
  for (const address of ["127.0.0.1", "::1", "fd00::12:3"]) expect(leaf.checkIP(address)).toBe(address);
  expect(leaf.checkIP("127.0.0.2")).toBeUndefined();
  expect(leaf.ca).toBe(false);
});

test("its authority vouches for it, and for itself", () => {
  expect(authority.ca).toBe(true);
  expect(leaf.verify(authority.publicKey)).toBe(true);
  expect(leaf.checkIssued(authority)).toBe(true);
  expect(authority.verify(authority.publicKey)).toBe(true);
});

test("it is valid from a day ago for thirteen months", () => {
  expect(Date.parse(leaf.validFrom)).toBe(Date.UTC(2026, 10, 21, 12));
  expect(Date.parse(leaf.validTo)).toBe(Date.UTC(2027, 11, 24, 12));
});

test("years from 2050 on are written in full", () => {
  const { cert } = makeAuthority(Date.UTC(2050, 5, 1)).issue(hosts);
  expect(Date.parse(new X509Certificate(cert).validTo)).toBe(Date.UTC(2051, 6, 3));
});

test("no two authorities are the same", () => {
  const other = new X509Certificate(makeAuthority(nowMs).ca);
  expect(leaf.checkIssued(other)).toBe(false);
  expect(leaf.verify(other.publicKey)).toBe(false);
});
