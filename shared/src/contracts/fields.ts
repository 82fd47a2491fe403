import { z } from 'zod';

export const id = z.uuid();
export const version = z.number().int().min(1);
/** An instant as JSON carries it. */
export const instant = z.iso.datetime();
