// Data that is JSON already. What goes out over HTTP is never made into objects; whoever wants objects gets them by toJSON.
import type { FormattedExecutionResult } from 'graphql';

export class WrittenData {
  constructor(readonly text: string) {}
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** For Apollo Server's `stringifyResult`. */
export function stringifyResult({ errors, data, extensions }: FormattedExecutionResult): string {
  if (!((data as unknown) instanceof WrittenData)) return `${JSON.stringify({ errors, data, extensions })}\n`;
  const { text } = data as unknown as WrittenData;
  return `{${errors ? `"errors":${JSON.stringify(errors)},` : ''}"data":${text}${extensions ? `,"extensions":${JSON.stringify(extensions)}` : ''}}\n`;
}
