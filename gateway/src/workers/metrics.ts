// One page of metrics for all workers: the primary process asks each of them and adds up.
import cluster, { type Worker } from 'node:cluster';
import { figures, lasting, measureProcess, merged, type Figures } from '@taskgraph/shared/metrics/workers';

const channel = 'taskgraph:metrics';
/** How long a worker is waited for, in milliseconds; then what it told last counts. */
const patienceMs = 5_000;

interface Message {
  channel?: unknown;
  id?: unknown;
  figures?: Figures;
}

/** In the primary process: answers the page. */
export function createMetricsOfWorkers(): () => Promise<string> {
  const last = new Map<number, Figures>();
  /** What those had counted that are gone. */
  let past: Figures = [];
  let asked = 0;

  cluster.on('exit', ({ id }: Worker) => {
    const told = last.get(id);
    last.delete(id);
    if (told) past = addUp([past, lasting(told)]);
  });

  function ask(worker: Worker): Promise<void> {
    const id = (asked += 1);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        worker.off('message', hear);
        worker.off('exit', done);
        resolve();
      };
      const hear = (message: Message) => {
        if (message?.channel !== channel || message.id !== id) return;
        if (message.figures && !worker.isDead()) last.set(worker.id, message.figures);
        done();
      };
      const timer = setTimeout(done, patienceMs);
      worker.on('message', hear);
      worker.once('exit', done);
      worker.send({ channel, id } satisfies Message);
    });
  }

  return async () => {
    const workers = Object.values(cluster.workers ?? {}).flatMap((worker) => (worker?.isConnected() ? [ask(worker)] : []));
    await Promise.all(workers);
    return merged([await figures(), past, ...last.values()]).metrics();
  };
}

/** Of figures that are kept, each is what its process told at its end: nothing has to be asked for. */
function addUp(list: Figures[]): Figures {
  return merged(list).getMetricsAsArray() as unknown as Figures;
}

/** In a worker: tells the primary process whenever it asks. */
export function answerMetrics(process_: NodeJS.Process = process): void {
  measureProcess('gateway');
  process_.on('message', (message: Message) => {
    if (message?.channel !== channel) return;
    void figures().then((told) => process_.connected && process_.send?.({ channel, id: message.id, figures: told } satisfies Message));
  });
}
