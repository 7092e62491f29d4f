/**
 * Which hosts are reached without a proxy, from the comma-separated list in `NO_PROXY`: names with what is below them, addresses,
 * networks, each with a port or without, and `*` for all.
 */
import { addressBits, shareBits } from "./address-bits.ts";

type Rule = (host: string, port: number) => boolean;

/** Whether the list names this host, given as `URL` does. Entries with no meaning match nothing, as with curl. */
export function parseNoProxy(list: string): (hostname: string, port: number) => boolean {
  const rules = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map(ruleOf);
  return (hostname, port) => {
    const host = bare(hostname);
    return rules.some((matches) => matches(host, port));
  };
}

function ruleOf(entry: string): Rule {
  if (entry === "*") return () => true;
  const network = /^\[?([^\]/]+)\]?\/(\d{1,3})$/.exec(entry);
  if (network !== null) return networkRule(network[1] ?? "", Number(network[2]));
  // more than one colon without brackets is an IPv6 address
  const [, text = entry, port] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  const named = bare(text.toLowerCase()).replace(/^\*?\./, "");
  const wanted = port === undefined ? undefined : Number(port);
  if (named === "") return () => false;
  const address = addressBits(named);
  const matchesHost = address === undefined ? nameRule(named) : networkRule(named, address.width);
  return (host, at) => (wanted === undefined || wanted === at) && matchesHost(host, at);
}

function nameRule(name: string): Rule {
  return (host) => host === name || host.endsWith(`.${name}`);
}

function networkRule(address: string, bits: number): Rule {
  const network = addressBits(address);
  if (network === undefined || bits > network.width) return () => false;
  return (host) => {
    const own = addressBits(host);
    return own !== undefined && shareBits(own, network, bits);
  };
}

/** Without brackets, and without the dot that ends an absolute name. */
function bare(host: string): string {
  const inside = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  return inside.replace(/\.$/, "");
}
