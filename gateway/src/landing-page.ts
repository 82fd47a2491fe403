// The page a browser gets at /graphql in development: Apollo Sandbox, embedded. Its files come from Apollo's CDN; without
// the internet the page says so and how to go on. Queries and WebSockets are opened by this page, not by the frame in it.
import { createHash } from 'node:crypto';

const cdn = 'https://embeddable-sandbox.cdn.apollographql.com';
const frame = 'https://sandbox.embed.apollographql.com';

const sampleDocument = `# Sign up, copy the accessToken, and put it under "Headers" below:
#   Authorization: Bearer <accessToken>
# Headers go with queries and mutations, and with subscriptions as the connection_init payload.
mutation Register {
  register(input: { handle: "ada", email: "ada@example.org", password: "correct horse battery" }) {
    accessToken
    user { id handle role }
  }
}

query Home {
  me {
    name
    stats { total }
    tasks(first: 10) { nodes { id title status project { name } assignees { handle } } }
  }
  notifications { unreadCount }
}

mutation CreateTask {
  createTask(input: { title: "Write the first task", priority: 2 }) {
    task { id title version }
  }
}

subscription MyTaskChanges {
  taskChanges(scope: { mine: true }) {
    cursor
    kind
    task { title status assignees { name } project { name } }
  }
}
`;

const style = `
  body { margin: 0; font-family: system-ui, sans-serif; }
  #sandbox { position: absolute; inset: 0; }
  #offline { padding: 1rem 2rem; max-width: 50rem; }
  iframe { width: 100%; height: 100%; border: none; background: white; }
`;

/** Not one character may change between the page and its hash in the policy. */
const script = `
  const endpoint = window.location.origin + window.location.pathname;
  if (window.EmbeddedSandbox) {
    document.getElementById('offline').remove();
    new window.EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: endpoint,
      initialSubscriptionEndpoint: endpoint.replace(/^http/, 'ws'),
      initialState: { document: ${JSON.stringify(sampleDocument).replaceAll('<', '\\u003c')}, headers: { Authorization: 'Bearer ' } },
      endpointIsEditable: false,
      hideCookieToggle: true,
      runTelemetry: false,
      allowDynamicStyles: false,
    });
  }
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const landingPage = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Taskgraph</title>
  <link rel="icon" href="data:,">
  <style>${style}</style>
</head>
<body>
  <div id="offline">
    <h1>Taskgraph</h1>
    <p>Apollo Sandbox cannot be loaded: it comes from the internet. The API at this address works without it, for example:</p>
    <pre>curl -H 'content-type: application/json' -d '{"query":"{ __typename }"}' &lt;this address&gt;</pre>
    <p>Any GraphQL client can be used; subscriptions speak graphql-transport-ws (the graphql-ws package) at the same address.</p>
  </div>
  <div id="sandbox"></div>
  <script src="${cdn}/v2/embeddable-sandbox.umd.production.min.js"></script>
  <script>${script}</script>
</body>
</html>
`;

/** The policy of that page alone: Apollo's script and frame, and connections to this gateway over HTTP and WebSocket. */
export const landingPagePolicy = [
  "default-src 'none'",
  `script-src ${hash(script)} ${cdn}`,
  `style-src ${hash(style)}`,
  'img-src data:',
  `frame-src ${frame}`,
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');
