// What one person runs at the same time is bounded, so that somebody with subscriptions by the thousand waits for themselves and
// not everybody else for them: the bound of requests to a subgraph is one for all.
export type InTurn = <Result>(person: string, work: () => Promise<Result>) => Promise<Result>;

export function createTurns(atOnce: number): InTurn {
  const people = new Map<string, { running: number; waiting: (() => void)[] }>();
  return async (person, work) => {
    let mine = people.get(person);
    if (!mine) people.set(person, (mine = { running: 0, waiting: [] }));
    const { waiting } = mine;
    // Whoever ends hands its turn to the next, which therefore does not count again.
    if (mine.running < atOnce) mine.running += 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else if ((mine.running -= 1) === 0) people.delete(person);
    }
  };
}
