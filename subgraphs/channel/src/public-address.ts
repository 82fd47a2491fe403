// Whether an address lies on the public internet: webhooks are posted nowhere else, because whoever names their address could
// otherwise reach what only this machine can.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IANA's special-purpose registry of IPv4, with multicast and what is reserved; 168.63.129.16 is Azure's own service inside every virtual machine. */
const closed4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '168.63.129.16/32', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
/** Inside 2000::/3: protocols, Teredo, ORCHID, documentation, 6to4 (which carries an IPv4 address) and 6bone's documentation. */
const closed6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const blocks = new BlockList();
const global6 = new BlockList();
const add = (list: BlockList, family: 'ipv4' | 'ipv6') => (range: string) => {
  const [network, bits] = range.split('/') as [string, string];
  list.addSubnet(network, Number(bits), family);
};
closed4.forEach(add(blocks, 'ipv4'));
closed6.forEach(add(blocks, 'ipv6'));
// All else is loopback, link-local, ULA, multicast, v4-mapped, NAT64, or not given out.
add(global6, 'ipv6')('2000::/3');

/** `address` as a resolver answers it; anything that is no address, or has a zone, is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blocks.check(address, 'ipv4');
  return isIPv6(address) && !address.includes('%') && global6.check(address, 'ipv6') && !blocks.check(address, 'ipv6');
}
