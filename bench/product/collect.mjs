// Loaded before the monolith: whoever imports `startSubgraph` gets one that starts as ever, for the routes between services,
// and also keeps what the subgraph is made of. So the monolith runs the real composition roots, whatever they open.
import { register } from 'node:module';

const shared = import.meta.resolve('@taskgraph/shared/subgraph-server');
const stand = new URL('./start-subgraph.mjs', import.meta.url).href;
const hooks = `
  const [shared, stand] = ${JSON.stringify([shared, stand])};
  export async function resolve(specifier, context, next) {
    const found = await next(specifier, context);
    return found.url === shared && context.parentURL !== stand ? { ...found, url: stand } : found;
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
