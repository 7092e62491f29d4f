/** Which host names mean this machine, or the place where cloud machines keep their credentials. */

/** `hostname` as `URL` gives it: 127.0.0.0/8, ::1, and `localhost` with what is below it. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** `URL` has made every spelling of an address the usual one, IPv4 within IPv6 included (`[::ffff:a9fe:a9fe]`). */
export function isLinkLocal(hostname: string): boolean {
  return (
    hostname.startsWith("169.254.") ||
    hostname.startsWith("[::ffff:a9fe:") ||
    /^\[fe[89ab]/.test(hostname) ||
    hostname === "[fd00:ec2::254]" ||
    hostname === "metadata.google.internal"
  );
}
