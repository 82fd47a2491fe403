import pg from 'pg';
import { QUEUE_ROLE, ROLE_KINDS, type RoleKind, roleName, type SchemaName } from './names.js';
import { scramVerifier } from './scram.js';

const id = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

// Set on the role and not per database: a database cloned from a template has them too.
// Owners have no lock timeout because migrations wait for each other on an advisory lock.
const SETTINGS: Record<RoleKind, Record<string, string>> = {
  owner: { statement_timeout: '0', lock_timeout: '0', idle_in_transaction_session_timeout: '10s' },
  app: { statement_timeout: '5s', lock_timeout: '5s', idle_in_transaction_session_timeout: '10s' },
  worker: { statement_timeout: '30s', lock_timeout: '5s', idle_in_transaction_session_timeout: '10s' },
};

/** Makes the three roles of a schema and the schema, or brings those that exist up to date. */
export async function ensureSchema(admin: pg.Client, schema: SchemaName, passwords: Record<RoleKind, string>): Promise<void> {
  for (const kind of ROLE_KINDS) {
    await ensureRole(admin, roleName(schema, kind), passwords[kind], { ...SETTINGS[kind], search_path: id(schema) });
  }
  const owner = roleName(schema, 'owner');
  await joinRole(admin, owner);
  await admin.query(`CREATE SCHEMA IF NOT EXISTS ${id(schema)} AUTHORIZATION ${id(owner)}`);
  await admin.query(`SET ROLE ${id(owner)}`);
  await admin.query(`REVOKE ALL ON SCHEMA ${id(schema)} FROM PUBLIC`);
  await admin.query(`GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(roleName(schema, 'app'))}, ${id(roleName(schema, 'worker'))}`);
  await admin.query('RESET ROLE');
}

export async function ensureRole(admin: pg.Client, role: string, password: string, settings: Record<string, string>): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await admin.query(`CREATE ROLE ${id(role)} LOGIN`);
  await admin.query(`ALTER ROLE ${id(role)} LOGIN PASSWORD ${literal(scramVerifier(password))}`);
  for (const [name, value] of Object.entries(settings)) {
    // search_path takes a list of identifiers, which must not be quoted as one string.
    await admin.query(`ALTER ROLE ${id(role)} SET ${name} = ${name === 'search_path' ? value : literal(value)}`);
  }
}

/**
 * Lets an administrator that is no superuser act as `role`: since Postgres 16 the maker of a role may
 * administer it but not SET ROLE to it before granting itself that.
 */
export async function joinRole(admin: pg.Client, role: string): Promise<void> {
  const { rows } = await admin.query<{ superuser: boolean; version: number }>(
    `SELECT rolsuper AS superuser, current_setting('server_version_num')::int AS version FROM pg_roles WHERE rolname = current_user`,
  );
  const [me] = rows;
  if (!me || me.superuser) return;
  const options = me.version >= 160_000 ? ' WITH SET TRUE, INHERIT TRUE' : '';
  await admin.query(`GRANT ${id(role)} TO CURRENT_USER${options}`);
}

/**
 * Takes from PUBLIC what every database gives it, and lets `roles` in. Rights on a database are not
 * copied by CREATE DATABASE ... TEMPLATE, so a clone needs this again.
 */
export async function closeDatabase(admin: pg.Client, roles: string[]): Promise<void> {
  const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name');
  const database = id(rows[0]!.name);
  // Where we are not the owner these are warnings without effect; a missing CONNECT shows when the roles log in.
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles.map(id).join(', ')}`);
  await admin.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
}

/** Every role that lives in a database with these schemas. */
export function rolesOf(schemas: readonly SchemaName[], withQueue: boolean): string[] {
  const roles = schemas.flatMap((schema) => ROLE_KINDS.map((kind) => roleName(schema, kind)));
  return withQueue ? [...roles, QUEUE_ROLE] : roles;
}
