// Readers that are cut at random moments and come back with their last cursor; afterwards each has heard what the log says.
import { subscribe } from './frames.mjs';

export function startReader(port, token, projectId, after) {
  const query = 'subscription ($p: ID!, $after: String) { taskChanges(scope: { projectId: $p }, after: $after) { cursor } }';
  const reader = { cursors: [], coalesced: 0, cuts: 0, refused: [], cut: () => undefined, stop: () => undefined };
  let stopped = false;
  let client;
  const begin = () => {
    client = subscribe(port, token, { query, variables: { p: projectId, after: reader.cursors.at(-1) ?? after } }, {
      onNext(body, from) {
        // What was on its way when the line was cut never arrived.
        if (from !== client || stopped) return;
        const { payload } = JSON.parse(body.toString());
        reader.cursors.push(payload.data.taskChanges.cursor);
        if (payload.extensions?.coalesced) reader.coalesced += 1;
      },
      onEnd: (message) => void reader.refused.push(message),
      onClose: (_code, from) => {
        if (!stopped && from === client) begin();
      },
    });
  };
  begin();
  reader.cut = () => {
    reader.cuts += 1;
    client.cut();
  };
  reader.stop = () => {
    stopped = true;
    client.cut();
  };
  return reader;
}

/** What a reader heard, against the log from where it began. */
export function compare(heard, log) {
  const order = new Map(log.map((cursor, index) => [cursor, index]));
  const seen = new Set();
  let [doubled, inverted, unknown, latest] = [0, 0, 0, -1];
  for (const cursor of heard) {
    const index = order.get(cursor);
    if (index === undefined) unknown += 1;
    else if (seen.has(index)) doubled += 1;
    else if (index < latest) inverted += 1;
    seen.add(index);
    latest = Math.max(latest, index ?? -1);
  }
  return { missed: log.filter((_, index) => !seen.has(index)).length, doubled, inverted, unknown };
}
