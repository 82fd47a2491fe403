import { v7, validate, version } from 'uuid';

/** A new UUIDv7: sorts by time of creation. */
export const newId = (): string => v7();

/** The id of a request, and of its trace: 32 hexadecimal digits. */
export const newTraceId = (): string => v7().replaceAll('-', '');

/** Whether a client-made id can be taken. */
export const isUuidV7 = (text: string): boolean => validate(text) && version(text) === 7;

/** Whether a text is any UUID, so that it can be compared with a uuid column without an error. */
export const isUuid = (text: string): boolean => validate(text);
