// Which addresses of webhooks are taken, judged by their text alone: names are looked up at each post (post-webhook.ts).

/** Ports of mail servers, which take a line of an HTTP request for a command of theirs. */
const mailPorts = new Set(['25', '465', '587']);

export const isMailPort = ({ port }: URL): boolean => mailPorts.has(port);

/** The address as it is stored and connected to, or what is wrong with it. URL parsers disagree about backslashes and control characters. */
export function readWebhookUrl(text: string): { href: string } | { wrong: string } {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f-\u009f\\]/.test(text)) return { wrong: 'must hold no blanks, control characters or backslashes' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return { wrong: 'must hold no user name and no password' };
  if (isMailPort(url)) return { wrong: 'must not lead to a port of mail: 25, 465 and 587' };
  return { href: url.href };
}
