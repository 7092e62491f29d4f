import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../tests/certificates.ts";
import { failureOf, get, Recording, startRawServer } from "../../tests/raw-server.ts";
import { startTlsServer } from "../../tests/tls-server.ts";
import { openTransport, parseCertificates } from "./index.ts";

const authority = makeAuthority();
const certificates = async () => [authority.cert];
const day = 86_400_000;
const past = { from: new Date(Date.now() - 2 * day), to: new Date(Date.now() - day) };
const future = { from: new Date(Date.now() + day), to: new Date(Date.now() + 2 * day) };

describe.each(["many", "few"] as const)("the transport for %s requests", (workload) => {
  test("trusts the certificates that it is given, asked for once", async () => {
    await using server = await startTlsServer(authority.issue(["127.0.0.1"]), (_, outgoing) => outgoing.end("yes"));
    let asked = 0;
    const transport = openTransport({
      workload,
      certificates: () => {
        asked++;
        return certificates();
      },
    });
    for (let n = 0; n < 3; n++) {
      const sink = new Recording();
      await transport.send(get(`https://127.0.0.1:${server.port}`), sink);
      expect(sink.body).toBe("yes");
    }
    expect(asked).toBe(1);
    expect(server.connections).toBeLessThanOrEqual(2);
    await transport.close();
  });

  test.each([
    ["an authority that is not known", makeAuthority("other").issue(["127.0.0.1"]), "AWS_CA_BUNDLE"],
    ["a certificate that has expired", authority.issue(["127.0.0.1"], past), "expired"],
    ["a certificate that is not valid yet", authority.issue(["127.0.0.1"], future), "clock"],
    ["a certificate for another host", authority.issue(["other.example.test"]), "another host"],
  ])("says that %s is the reason", async (_name, certificate, hint) => {
    await using server = await startTlsServer(certificate, (_, outgoing) => outgoing.end("yes"));
    const transport = openTransport({ workload, certificates });
    const error = await failureOf(transport.send(get(`https://127.0.0.1:${server.port}`), new Recording()));
    expect(error).toMatchObject({ code: "unreachable", retryable: false, hint: expect.stringContaining(hint) });
    expect(server.requests).toEqual([]);
    await transport.close();
  });

  test("says that plain HTTP is what answers on the port", async () => {
    // a TLS greeting is no request to the raw server, so it answers to the connection
    await using server = await startRawServer(() => undefined, "HTTP/1.1 400 Bad Request\r\n\r\n");
    const transport = openTransport({ workload });
    const error = await failureOf(transport.send(get(server.origin.replace("http:", "https:")), new Recording()));
    expect(error).toMatchObject({ code: "unreachable", retryable: false, hint: expect.stringContaining("http://") });
    await transport.close();
  });

  test("what keeps the certificates from being read is not remembered", async () => {
    await using server = await startTlsServer(authority.issue(["127.0.0.1"]), (_, outgoing) => outgoing.end("yes"));
    const reason = new Error("no such file");
    let broken = true;
    const transport = openTransport({
      workload,
      certificates: () => (broken ? Promise.reject(reason) : certificates()),
    });
    const request = get(`https://127.0.0.1:${server.port}`);
    expect(await failureOf(transport.send(request, new Recording()))).toBe(reason);
    broken = false;
    await transport.send(request, new Recording());
    await transport.close();
  });
});

test("a bundle is read certificate by certificate, and one without any is refused", async () => {
  const two = `# a comment\n${authority.cert}\nSubject: x\n${makeAuthority("b").cert}`;
  expect(await parseCertificates(two)).toHaveLength(2);
  for (const text of ["", "-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----"])
    await expect(parseCertificates(text)).rejects.toThrow(/holds no certificate/);
  const broken = authority.cert.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
  await expect(parseCertificates(authority.cert + broken)).rejects.toThrow(/certificate 2 of 2 in it is broken/);
});
