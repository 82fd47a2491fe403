// Addresses that open one thing for whoever holds them, until they end: uploads and downloads at the gateway. A token is
// kind, id, person and end with an HMAC; nothing about it is stored.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '@taskgraph/shared/ids';

/** upload: the file of an import. errors: the error file of an import. export: the tasks of an export. */
const kinds = ['upload', 'errors', 'export'] as const;
export type LinkKind = (typeof kinds)[number];

export interface Link {
  kind: LinkKind;
  /** The import or the export. */
  id: string;
  /** Who asked for the link; it opens what this person may see. */
  viewerId: string;
  until: Date;
}

export interface SignedLinks {
  sign(link: Link): string;
  /** Null for what `sign` did not make. Whether it has ended is for the caller to see. */
  read(token: string): Link | null;
}

const [bodyBytes, macBytes] = [37, 16];

export function createSignedLinks(secretKey: string): SignedLinks {
  const mac = (body: Buffer) => createHmac('sha256', secretKey).update('link ').update(body).digest().subarray(0, macBytes);
  return {
    sign({ kind, id, viewerId, until }) {
      const end = Buffer.alloc(4);
      end.writeUInt32BE(Math.floor(until.getTime() / 1_000));
      const body = Buffer.concat([Buffer.from([kinds.indexOf(kind)]), uuidBytes(id), uuidBytes(viewerId), end]);
      return Buffer.concat([body, mac(body)]).toString('base64url');
    },
    read(token) {
      const bytes = Buffer.from(token, 'base64url');
      // One token has one spelling.
      if (bytes.length !== bodyBytes + macBytes || bytes.toString('base64url') !== token) return null;
      const body = bytes.subarray(0, bodyBytes);
      const kind = kinds[body[0] as number];
      if (!kind || !timingSafeEqual(bytes.subarray(bodyBytes), mac(body))) return null;
      const [id, viewerId] = [uuidText(body.subarray(1, 17)), uuidText(body.subarray(17, 33))];
      return isUuid(id) && isUuid(viewerId) ? { kind, id, viewerId, until: new Date(body.readUInt32BE(33) * 1_000) } : null;
    },
  };
}

const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
