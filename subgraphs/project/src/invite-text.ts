// What the e-mail of an invite says.
import type { DueMail } from './repositories/invite-mail-repository.js';

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The code in two halves, as people read and type it. */
const readable = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`;

export function inviteText({ projectName, projectKey, role, expiresAt }: DueMail, code: string, publicUrl: string): { subject: string; text: string } {
  const project = `“${oneLine(projectName)}” (${projectKey})`;
  const parts = [
    `You are invited to the project ${project} as ${role}.`,
    `Sign in at ${publicUrl} with the account of this e-mail address and accept the invite with this code:`,
    `    ${readable(code)}`,
    `It works once, until ${expiresAt.toISOString()}. If you do not know what this is about, ignore this e-mail.`,
  ];
  return { subject: `You are invited to the project ${project}`, text: `${parts.join('\n\n')}\n` };
}
