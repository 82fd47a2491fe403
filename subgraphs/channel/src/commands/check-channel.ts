// What names and descriptions of channels may be.
import { checkMarkdown, checkText } from '@taskgraph/shared/text';

export const checkName = (name: string): string => checkText('input.name', name, { min: 1, max: 100 });
export const checkDescription = (description: string): string => checkMarkdown('input.description', description);

/** Names are sorted by it. */
export const foldName = (name: string): string => name.toLowerCase();
