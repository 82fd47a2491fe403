import pg from 'pg';
import { StartError } from '../start-error.js';

/** SQLSTATE or errno of an error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const { code, errors } = error as { code?: string; errors?: { code?: string }[] };
  // Happy eyeballs: connecting to "localhost" fails with one error per address.
  return code ?? errors?.[0]?.code;
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, application_name: 'taskgraph provision' });
  // A connection lost between two statements is reported by the next one.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Connects as administrator; the database is created if the server does not have it. */
export async function connectAdmin(url: string, setting: string): Promise<pg.Client> {
  try {
    return await connect(url);
  } catch (error) {
    if (codeOf(error) !== '3D000') throw explain(error, url, setting);
  }
  const database = databaseOf(url);
  try {
    const maintenance = await connect(withDatabase(url, 'postgres'));
    try {
      await maintenance.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} TEMPLATE template0 ENCODING 'UTF8'`);
    } catch (error) {
      // Somebody else was faster: 42P04 duplicate_database, or 23505 in the same instant.
      if (!['42P04', '23505'].includes(codeOf(error) ?? '')) throw error;
    } finally {
      await maintenance.end();
    }
    return await connect(url);
  } catch (error) {
    throw explain(error, url, setting);
  }
}

export function databaseOf(url: string): string {
  const parsed = new URL(url);
  return decodeURIComponent(parsed.pathname.slice(1)) || decodeURIComponent(parsed.username) || 'postgres';
}

export function withDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.href;
}

export function withCredentials(url: string, user: string, password: string): string {
  const parsed = new URL(url);
  parsed.username = encodeURIComponent(user);
  parsed.password = encodeURIComponent(password);
  if (!parsed.pathname.slice(1)) parsed.pathname = `/${encodeURIComponent(databaseOf(url))}`;
  return parsed.href;
}

/** One sentence on what to do; names the host, never the password. */
export function explain(error: unknown, url: string, setting: string): StartError {
  if (error instanceof StartError) return error;
  const { hostname, port, username } = new URL(url);
  const server = `${hostname || 'localhost'}:${port || 5432}`;
  const user = decodeURIComponent(username);
  const database = databaseOf(url);
  const code = codeOf(error);
  const said = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`${setting} names the host ${hostname}, which is not known: correct the host.`);
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return new StartError(`No Postgres answers at ${server} (${setting}, ${code}): start it, or correct host and port.`);
    case '28P01':
    case '28000':
      return new StartError(`Postgres at ${server} refuses the user ${user} (${setting}: ${said}): correct user and password.`);
    case '3D000':
      return new StartError(`Postgres at ${server} has no database ${database} and none could be made (${setting}: ${said}): create it.`);
    case '42501':
      return new StartError(
        `The user ${user} on Postgres at ${server} lacks a privilege (${setting}: ${said}): it needs CREATEROLE, and must own the database ${database} or have CREATEDB to make it.`,
      );
    default:
      // pg words its own connection timeout without a code.
      if (/timeout/i.test(said)) return new StartError(`No Postgres answers at ${server} (${setting}, ${said}): start it, or correct host and port.`);
      return new StartError(`Postgres at ${server} cannot be prepared (${setting}: ${said}).`);
  }
}
