// What is posted to a webhook, by its format.
import type { WebhookEvent, WebhookFacts, WebhookFormat } from './entities/webhook.js';

export interface Posted {
  event: WebhookEvent;
  facts: WebhookFacts;
}

/** `TASK_DUE_SOON` is `task.due_soon`. */
const typeOf = (event: WebhookEvent): string => event.toLowerCase().replace('_', '.');

/** Slack's three control characters; without them nothing in a title is a link or a mention. */
const forSlack = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
/** Cards read a part of Markdown. */
const forTeams = (text: string): string => text.replace(/[\\`*_[\]()#~>]/g, '\\$&');

const bodies: Record<WebhookFormat, (posted: Posted) => object> = {
  STANDARD({ event, facts: { at, text: _text, ...data } }) {
    return { type: typeOf(event), timestamp: at, data };
  },
  SLACK: ({ facts }) => ({ text: forSlack(facts.text) }),
  TEAMS: ({ facts }) => ({
    type: 'message',
    attachments: [{
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: { $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text: forTeams(facts.text), wrap: true }] },
    }],
  }),
};

/** The same text at each try, so that what is signed is about the event and not about the try. */
export const webhookBody = (format: WebhookFormat, posted: Posted): string => JSON.stringify(bodies[format](posted));
