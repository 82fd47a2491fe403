import { newId } from '@taskgraph/shared/ids';
import type { WriteTransaction } from '@taskgraph/shared/write-transaction';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { seal } from '../sealing.js';

export interface SigningKeyRow {
  kid: string;
  publicJwk: JWK;
  sealedPrivateJwk: string;
  /** Signs from here on, until the next one does. */
  activatesAt: Date;
}

/** Newest first. */
export const readSigningKeys = async (runs: { query: (sql: string) => Promise<unknown> }): Promise<SigningKeyRow[]> =>
  (await runs.query(
    `select kid, public_jwk as "publicJwk", sealed_private_jwk as "sealedPrivateJwk", activates_at as "activatesAt"
     from signing_keys order by activates_at desc, kid desc`,
  )) as SigningKeyRow[];

export async function addSigningKey(tx: WriteTransaction, secretKey: string, inSeconds: number): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = newId();
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' };
  await tx.query('insert into signing_keys (kid, public_jwk, sealed_private_jwk, activates_at) values ($1, $2, $3, now() + make_interval(secs => $4))', [
    kid, JSON.stringify(publicJwk), seal(JSON.stringify(await exportJWK(privateKey)), secretKey), inSeconds,
  ]);
  return kid;
}

/** Removes the keys whose successor has been signing for longer than any of their tokens can live. */
export async function withdrawSigningKeys(tx: WriteTransaction, minutes: number): Promise<number> {
  const rows = await tx.query(
    `delete from signing_keys k where exists (
       select 1 from signing_keys s where s.activates_at > k.activates_at and s.activates_at < now() - make_interval(mins => $1)
     ) returning 1`,
    [minutes],
  );
  return rows.length;
}
