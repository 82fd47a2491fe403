// What counts as one address where something is counted per address: of IPv6 a /64, because whoever has one has all of it.
import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address as it is, also where IPv6 carries it (`::ffff:1.2.3.4`); else the first four groups; what is no address stays as it is. */
export function clientNetwork(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return address;
  // The usual form has no IPv4 at its end and at most one "::".
  const usual = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const [head = [], tail = []] = usual.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  const carried = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff' && isIPv4(carried) ? carried : `${groups.slice(0, 4).join(':')}::/64`;
}
