// Loaded into every process of a system under the fault run (NODE_OPTIONS). Connections to ports that the run names in the file
// CHAOS_ROUTES go to its fault proxies instead, so that nothing in the product knows of them. The supervisor stays outside.
import { readFileSync } from 'node:fs';
import net from 'node:net';

const file = process.env['CHAOS_ROUTES'];
if (file && !/supervisor[\\/]dist[\\/](?!spare)/.test(process.argv[1] ?? '')) {
  let routes;
  const routeOf = (port) => {
    try {
      routes ??= JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      // Written once everything has started: until then every connection is direct.
    }
    return routes?.[port];
  };
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    // net.connect hands on its arguments as one list: options and callback.
    const options = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (options && typeof options === 'object' && options.port) {
      const to = routeOf(Number(options.port));
      if (to) options.port = to;
    } else if (typeof options === 'number' || /^\d+$/.test(String(options))) {
      const to = routeOf(Number(options));
      if (to) args[0] = to;
    }
    return connect.apply(this, args);
  };
}
