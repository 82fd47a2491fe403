// The other end, in a process of its own: subscribers that count, time or check what they get. Told by messages of its parent;
// answers each with one message.
import { openSocket, subscribe } from './frames.mjs';

const groups = new Map();
const answer = (id, result) => process.send({ id, ...result });
const now = () => performance.timeOrigin + performance.now();

const commands = {
  /** `count` subscribers of one document; answers when all have asked. `mode`: count, sample, latency or last. */
  async open({ name, port, tokens, payload, count, mode, bare = false }) {
    const group = { clients: [], received: 0, first: 0, last: 0, latencies: [], sample: null, bytes: 0, ended: [], closed: [], waiting: [] };
    groups.set(name, group);
    const at = mode === 'latency' ? Buffer.from('"at":"') : null;
    const onNext = (body) => {
      const time = now();
      if (group.received === 0) group.first = time;
      group.last = time;
      group.received += 1;
      group.bytes += body.length;
      if (mode === 'sample') group.sample = [...(group.sample ?? []), body.toString()].slice(-200);
      if (mode === 'last') group.tail = body;
      if (at) {
        const begin = body.indexOf(at) + at.length;
        group.latencies.push(time - Date.parse(body.toString('latin1', begin, body.indexOf('"', begin))));
      }
      if (group.waiting.length > 0) for (const check of group.waiting) check();
    };
    const onClose = (code) => void group.closed.push({ code, at: now() });
    let opened = 0;
    await new Promise((resolve) => {
      const start = (index) => {
        const ready = () => {
          opened += 1;
          if (opened === count) resolve();
          else if (opened + 63 < count) start(opened + 63);
        };
        const token = tokens?.[index % tokens.length];
        let asked = false;
        const onReady = () => {
          asked = true;
          ready();
        };
        // A busy server may not take it in time.
        const closed = (code) => (asked ? onClose(code) : start(index));
        group.clients[index] = bare
          ? openSocket(port, { onMessage: onNext, onOpen: onReady, onClose: closed })
          : subscribe(port, token, payload, { onNext, onClose: closed, onReady, onEnd: (message) => void group.ended.push(message) });
      };
      for (let index = 0; index < Math.min(64, count); index += 1) start(index);
    });
    return {};
  },
  /** Forgets what was counted. */
  reset({ name }) {
    Object.assign(groups.get(name), { received: 0, first: 0, last: 0, latencies: [], bytes: 0 });
    return {};
  },
  /** Waits until so many results came in all, or until `text` stands in the latest one; answers what was counted. */
  async until({ name, received, text, timeoutMs = 120_000 }) {
    const group = groups.get(name);
    const done = () => (text === undefined ? group.received >= received : group.tail?.indexOf(text) >= 0);
    await new Promise((resolve) => {
      const check = () => {
        if (!done()) return;
        clearTimeout(late);
        group.waiting = group.waiting.filter((other) => other !== check);
        resolve();
      };
      const late = setTimeout(resolve, timeoutMs);
      group.waiting.push(check);
      check();
    });
    const { first, last, bytes, latencies, sample, ended, closed } = group;
    return { received: group.received, first, last, bytes, latencies, sample, ended: ended.slice(0, 3), closed: closed.length, complete: done() };
  },
  /** Reads no more from them. */
  pause({ name }) {
    for (const { socket } of groups.get(name).clients) socket.pause();
    return {};
  },
  close({ name }) {
    for (const client of groups.get(name)?.clients ?? []) client.cut();
    groups.delete(name);
    return {};
  },
};

process.on('message', ({ id, command, ...given }) => {
  Promise.resolve(commands[command](given)).then((result) => answer(id, result), (error) => answer(id, { error: String(error.stack) }));
});
process.on('disconnect', () => process.exit(0));
