import { BlockList, isIP } from 'node:net';

/**
 * Whether `no_proxy` leaves a server out: a list of host names (`lab.example`, `.lab.example` and `*.lab.example` with all below them), addresses,
 * ranges of addresses (`10.0.0.0/8`), each with a port or without; `*` is every server.
 */
export function isLeftOut({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = bare(hostname);
  const portOf = port || (protocol === 'https:' ? '443' : '80');
  return noProxy.split(/[,\s]+/).filter(Boolean).some((entry) => matches(entry.toLowerCase(), host, portOf)); // prettier-ignore
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name, wantedPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [undefined, entry, port];
  if (wantedPort !== port) return false;
  const [address, prefix] = bare(name).split('/');
  if (prefix !== undefined) return isInRange(host, address, Number(prefix));
  const domain = address.replace(/^\*?\./, '');
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInRange(host: string, address: string, prefix: number): boolean {
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4';
  const isRange = Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 'ipv6' ? 128 : 32);
  if (isIP(host) === 0 || isIP(host) !== isIP(address) || !isRange) return false;
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return range.check(host, family);
}

/** Without the brackets of an IPv6 address. */
const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
