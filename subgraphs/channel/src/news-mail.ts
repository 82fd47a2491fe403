// The e-mails that carry news: one piece of it, or a digest. Text and HTML say the same.
import type { Mail } from '@taskgraph/shared/mailer';
import type { NotificationKind } from './entities/notification.js';
import { escapeHtml, htmlPage } from './html.js';
import { oneLine } from './notification-text.js';

export interface Piece {
  kind: NotificationKind;
  title: string;
  body: string | null;
}

export interface MailLinks {
  /** Where people reach the product. */
  home: string;
  /** Stops what this mail is about; RFC 8058. */
  unsubscribe: string;
}

/** Longest subject, in characters: titles of tasks may be longer. */
const subjectLength = 200;
/** Pieces shown in a digest. */
const shownPieces = 100;

const reason = 'You get this e-mail because of your part in Taskgraph.';

/** What to call a kind in a sentence such as "no more e-mail about …". */
export const kindNames: Record<NotificationKind, string> = {
  TASK_CREATED: 'new tasks', TASK_ASSIGNED: 'tasks assigned to you', TASK_UPDATED: 'changed tasks', TASK_COMPLETED: 'completed tasks',
  TASK_REOPENED: 'reopened tasks', TASK_COMMENTED: 'comments', MENTIONED: 'mentions of you', TASK_DUE_SOON: 'tasks that are due soon',
  TASK_OVERDUE: 'overdue tasks', PROJECT_CREATED: 'new projects', PROJECT_ADDED: 'projects you were added to', CHANNEL_JOINED: 'people who joined your channels',
};

export function newsMail(piece: Piece, links: MailLinks): Omit<Mail, 'id' | 'to'> {
  const ending = `No more e-mail about ${kindNames[piece.kind]}`;
  const text = [piece.title, ...(piece.body ? [piece.body] : []), links.home, `${reason}\n${ending}: ${links.unsubscribe}`].join('\n\n');
  const body = [`<p><strong>${escapeHtml(piece.title)}</strong></p>`, ...(piece.body ? [`<p>${escapeHtml(piece.body)}</p>`] : [])].join('\n');
  return { subject: cut(oneLine(piece.title)), text: `${text}\n`, html: whole(piece.title, body, ending, links), headers: headersOf(links) };
}

/** `pieces` are newest first; there is at least one. */
export function digestMail(pieces: readonly Piece[], links: MailLinks): Omit<Mail, 'id' | 'to'> {
  const subject = pieces.length === 1 ? '1 piece of news from Taskgraph' : `${pieces.length} pieces of news from Taskgraph`;
  const shown = pieces.slice(0, shownPieces);
  const more = pieces.length > shown.length ? [`and ${pieces.length - shown.length} more`] : [];
  const ending = 'No more e-mail at all';
  const lines = [...shown.map(({ title, body }) => `* ${title}${body ? `\n  ${body}` : ''}`), ...more].join('\n');
  const items = [...shown.map(({ title, body }) => `<li>${escapeHtml(title)}${body ? `<br>${escapeHtml(body)}` : ''}</li>`), ...more.map((line) => `<li>${line}</li>`)];
  const text = [subject, lines, links.home, `${reason}\n${ending}: ${links.unsubscribe}`].join('\n\n');
  return { subject, text: `${text}\n`, html: whole(subject, `<ul>\n${items.join('\n')}\n</ul>`, ending, links), headers: headersOf(links) };
}

const whole = (title: string, body: string, ending: string, { home, unsubscribe }: MailLinks): string =>
  htmlPage(title, [body, `<p><a href="${escapeHtml(home)}">Open Taskgraph</a></p>`, '<hr>', `<p><small>${reason} <a href="${escapeHtml(unsubscribe)}">${ending}</a></small></p>`].join('\n'));

const headersOf = ({ unsubscribe }: MailLinks): Record<string, string> => ({
  'List-Unsubscribe': `<${unsubscribe}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  // Out-of-office replies are not sent to it.
  'Auto-Submitted': 'auto-generated',
});

function cut(text: string): string {
  const letters = [...text];
  return letters.length <= subjectLength ? text : `${letters.slice(0, subjectLength - 1).join('')}…`;
}
