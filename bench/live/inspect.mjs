// Looks into the running gateway through Node's inspector, which SIGUSR1 opens: memory after a collection, and a CPU profile.
import WebSocket from 'ws';

export async function inspect(pid, port) {
  process.kill(pid, 'SIGUSR1');
  let target;
  for (let tries = 0; !target && tries < 50; tries += 1) {
    await new Promise((later) => setTimeout(later, 100));
    [target] = await fetch(`http://127.0.0.1:${port}/json/list`).then((response) => response.json()).catch(() => []);
  }
  if (!target) throw new Error(`no inspector on port ${port}`);
  const socket = new WebSocket(target.webSocketDebuggerUrl, { maxPayload: 0, perMessageDeflate: false });
  await new Promise((open, fail) => socket.once('open', open).once('error', fail));
  const waiting = new Map();
  let count = 0;
  socket.on('message', (data) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(error ?? result);
    waiting.delete(id);
  });
  const call = (method, params = {}) => new Promise((done) => {
    count += 1;
    waiting.set(count, done);
    socket.send(JSON.stringify({ id: count, method, params }));
  });
  const evaluate = async (expression) => JSON.parse((await call('Runtime.evaluate', { expression: `JSON.stringify(${expression})` })).result.value);
  if ((await evaluate('process.pid')) !== pid) throw new Error(`another process has inspector port ${port}`);
  return {
    /** Bytes, after garbage is collected. */
    async memory() {
      for (let turn = 0; turn < 3; turn += 1) await call('HeapProfiler.collectGarbage');
      const { rss, heapUsed, external, arrayBuffers } = await evaluate('process.memoryUsage()');
      return { rss, heapUsed, external, arrayBuffers, live: heapUsed + external };
    },
    /** Bytes, as it is. */
    rss: () => evaluate('process.memoryUsage().rss'),
    cpu: () => evaluate('process.cpuUsage()'),
    /** What lives of what was allocated during the work, in bytes, by the function that allocated it; the largest first. */
    async allocations(work) {
      await call('HeapProfiler.startSampling', { samplingInterval: 2_048 });
      await work();
      for (let turn = 0; turn < 3; turn += 1) await call('HeapProfiler.collectGarbage');
      const { profile } = await call('HeapProfiler.stopSampling');
      const sizes = new Map();
      const look = ({ callFrame: { functionName, url, lineNumber }, selfSize, children }) => {
        const key = `${functionName} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`;
        sizes.set(key, (sizes.get(key) ?? 0) + selfSize);
        children.forEach(look);
      };
      look(profile.head);
      return [...sizes].toSorted(([, a], [, b]) => b - a);
    },
    async profile(work) {
      await call('Profiler.enable');
      await call('Profiler.start');
      await work();
      return (await call('Profiler.stop')).profile;
    },
    close: () => socket.close(),
  };
}
