// Where uploaded files and their error files lie: one folder that the API and the worker share.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The file of an import, there from its upload until the import is finished. */
export const uploadedFile = (directory: string, importId: string): string => join(directory, `${importId}.upload`);

/** Its bad rows as CSV, kept for a while after. */
export const errorFile = (directory: string, importId: string): string => join(directory, `${importId}.errors.csv`);

/** An upload that is still coming in; `part` makes two of the same import different. */
export const partialFile = (directory: string, importId: string, part: string): string => join(directory, `${importId}.${part}.part`);

/** Only this service's account may read what people upload. */
export const makeDirectory = (directory: string): Promise<unknown> => mkdir(directory, { recursive: true, mode: 0o700 });

export const removeFile = (path: string): Promise<void> => rm(path, { force: true });
