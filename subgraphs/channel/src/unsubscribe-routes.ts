// Stopping e-mail without signing in: the gateway passes on what is asked under its public /unsubscribe/<token>.
import '@taskgraph/shared/subgraph-server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import { unsubscribe } from './commands/unsubscribe.js';
import { htmlPage } from './html.js';
import { kindNames } from './news-mail.js';
import { readUnsubscribeToken, unsubscribeToken, type Unsubscription } from './unsubscribe-token.js';

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

const about = ({ kind }: Unsubscription): string => (kind ? `about ${kindNames[kind]}` : 'at all');
const button = (token: string, what: Unsubscription): string =>
  `<form method="post" action="/unsubscribe/${token}"><button type="submit">No more e-mail ${about(what)}</button></form>`;

export function addUnsubscribeRoutes(app: FastifyInstance, database: DataSource, secretKey: string): void {
  const page = (reply: FastifyReply, status: number, title: string, body: string) =>
    reply.code(status).header('cache-control', 'no-store').header('x-robots-tag', 'noindex').type('text/html; charset=utf-8').send(htmlPage(title, body));

  const handle = async (request: TokenRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (request.identity.caller !== 'gateway') return reply.code(403).send({ error: 'For the gateway only.' });
    const what = readUnsubscribeToken(secretKey, request.params.token);
    if (!what) return page(reply, 404, 'Not a valid link', '<p>This link is not valid. Copy it from the e-mail as a whole.</p>');
    if (request.method === 'POST') {
      await unsubscribe(database, what);
      return page(reply, 200, 'Unsubscribed', `<p>You get no more e-mail ${about(what)}. Your notification settings bring it back.</p>`);
    }
    // Links are opened by scanners too: looking changes nothing.
    const everything: Unsubscription = { userId: what.userId, kind: null };
    const buttons = what.kind ? [what, everything] : [everything];
    return page(reply, 200, 'Unsubscribe', `<h1>E-mail from Taskgraph</h1>\n${buttons.map((one) => button(unsubscribeToken(secretKey, one), one)).join('\n')}`);
  };
  app.get('/internal/unsubscribe/:token', handle);
  app.post('/internal/unsubscribe/:token', handle);
}
