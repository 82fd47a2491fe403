// Results of one subscription as WebSocket frames, made here and not by `ws`: a page of them is one buffer and one write, and the
// result itself, serialised once for all, is copied and not made anew. Servers do not mask, and nothing is compressed.
import type { Item } from './outlet.js';

/** A whole text message. */
const finText = 0x81;
/** What stands in the second byte where the length follows in two or in eight. */
const inTwo = 126;
const inEight = 127;
const closing = 0x7d;

export function nextFrames(id: string, items: readonly Item[]): Buffer {
  const begin = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  const lengthOf = ({ body }: Item) => begin.length + body.length + 1;
  let size = 0;
  for (const item of items) size += headOf(lengthOf(item)) + lengthOf(item);
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const item of items) {
    at = writeHead(frames, at, lengthOf(item));
    at += begin.copy(frames, at);
    at += item.body.copy(frames, at);
    frames[at] = closing;
    at += 1;
  }
  return frames;
}

const headOf = (length: number): number => (length < inTwo ? 2 : length < 65_536 ? 4 : 10);

/** Answers where the payload begins. */
function writeHead(frames: Buffer, at: number, length: number): number {
  frames[at] = finText;
  if (length < inTwo) frames[at + 1] = length;
  else if (length < 65_536) {
    frames[at + 1] = inTwo;
    frames.writeUInt16BE(length, at + 2);
  } else {
    frames[at + 1] = inEight;
    frames.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + headOf(length);
}
