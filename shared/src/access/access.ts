// Decides whether a person belongs to a place, from the copy where that is enough and from the owner where it is not.
// The copy alone may say yes while its feed is fresh; it never says no alone: the owner is asked first, so that a member
// added a moment ago can act at once, and nobody removed comes back.
import type { DataSource } from 'typeorm';
import { membershipAnswer, type MembershipAnswer } from '../contracts/membership.js';
import { selectRows } from '../database.js';
import { unavailable } from '../errors.js';
import { counter } from '../metrics/registry.js';
import type { Peer } from '../peer.js';
import { scopeId } from '../scope.js';
import { feedState } from '../tail-positions.js';
import { writeTransaction } from '../write-transaction.js';
import { saveMember, saveScope, type PlaceKind, type Role, type Rows } from './copy.js';
import type { AccessLost } from './reactions.js';

export interface Membership {
  scopeId: string;
  /** Null: not a member. */
  role: Role | null;
  /** Whether the copy knows that this person once was a member. */
  wasMember: boolean;
  writable: boolean;
  /** Key of a project. */
  key: string | null;
}

export interface PlaceRef {
  kind: PlaceKind;
  id: string;
}

/** Whether what the copy says of a member would be a yes; where not, the owner is asked before it becomes a no. */
export type Enough = (role: Role, known: Membership) => boolean;

export interface Access {
  /**
   * Throws SUBGRAPH_UNAVAILABLE when the owner would have to be asked, is away and nothing usable is known. Who refuses for a
   * role that is too low, or because the place is read-only, passes the same rule as `enough` (RULES §8).
   */
  membership(kind: PlaceKind, placeId: string, userId: string, enough?: Enough): Promise<Membership>;
  /** The same for many places with one statement over the copy; a place that cannot be decided is an Error in its position. */
  memberships(places: readonly PlaceRef[], userId: string, enough?: Enough): Promise<(Membership | Error)[]>;
}

export interface AccessOptions {
  /** Pool of the application role. */
  database: DataSource;
  /** Consumer name under which the worker tails `project` and `channel` into this copy. */
  consumer: string;
  peers: Record<PlaceKind, Peer>;
  /** Called in the transaction in which an answer of the owner takes a membership from the copy. */
  accessLost?: AccessLost;
}

/** How long the last answer stands while feed and owner are both away, in milliseconds: RULES §8's one exception. */
const graceMs = 15 * 60_000;
const staleAnswers = counter('taskgraph_access_stale_answers_total', 'Decisions made from the copy of memberships although its feed was silent and its owner did not answer (RULES §8).', ['owner']);
/** How long a yes of the owner, asked for because the feed is silent, is good; and how long the feed's state is remembered. */
const yesMs = 5_000;
const feedMs = 500;

export function createAccess({ database, consumer, peers, accessLost }: AccessOptions): Access {
  const rows: Rows = (sql, parameters) => selectRows(database, sql, parameters);
  const asking = new Map<string, Promise<MembershipAnswer>>();
  const confirmed = new Map<string, number>();
  const feeds = new Map<PlaceKind, { at: number; state: ReturnType<typeof feedState> }>();

  function feed(kind: PlaceKind): ReturnType<typeof feedState> {
    const known = feeds.get(kind);
    if (known && Date.now() - known.at < feedMs) return known.state;
    const state = feedState(database, { consumer, source: kind });
    feeds.set(kind, { at: Date.now(), state });
    return state;
  }

  /** Concurrent questions about the same membership share one call; a refusal is not remembered. */
  function ask(kind: PlaceKind, placeId: string, userId: string): Promise<MembershipAnswer> {
    const key = `${kind} ${placeId} ${userId}`;
    const running = asking.get(key);
    if (running) return running;
    const call = peers[kind]
      .get(`/internal/memberships?place=${encodeURIComponent(placeId)}&user=${encodeURIComponent(userId)}`)
      .then((answer) => membershipAnswer.parse(answer))
      .finally(() => asking.delete(key));
    asking.set(key, call);
    return call;
  }

  async function known(places: readonly PlaceRef[], userId: string): Promise<Membership[]> {
    const scopes = places.map((place) => scopeId(place.kind, place.id));
    const found = await rows(
      `select q.scope_id, m.role, m.user_id is not null as present, coalesce(s.writable, true) as writable, s.key
       from unnest($1::uuid[]) with ordinality q (scope_id, position)
       left join scopes s on s.scope_id = q.scope_id
       left join scope_members m on m.scope_id = q.scope_id and m.user_id = $2
       order by q.position`,
      [scopes, userId],
    );
    return found.map((row) => ({
      scopeId: row['scope_id'] as string, role: row['role'] as Role | null, wasMember: row['present'] === true,
      writable: row['writable'] === true, key: row['key'] as string | null,
    }));
  }

  async function decide(place: PlaceRef, userId: string, copy: Membership, enough: Enough): Promise<Membership> {
    const key = `${copy.scopeId} ${userId}`;
    const yes = copy.role !== null && enough(copy.role, copy);
    if (yes && (!(await feed(place.kind)).silent || (confirmed.get(key) ?? 0) > Date.now())) return copy;
    let answer: MembershipAnswer;
    try {
      answer = await ask(place.kind, place.id, userId);
    } catch (error) {
      const { asOf } = await feed(place.kind);
      if (copy.wasMember && asOf && Date.now() - asOf.getTime() < graceMs) {
        staleAnswers.inc({ owner: place.kind });
        return copy;
      }
      throw (error as { code?: string }).code === 'SUBGRAPH_UNAVAILABLE' ? error : unavailable(place.kind);
    }
    if (answer.version > 0) {
      // Stored before anything is read, so that row level security agrees with this answer.
      await saveScope(rows, { kind: place.kind, id: place.id, name: answer.name ?? null, key: answer.key, writable: answer.writable, version: answer.version });
      if (answer.role === null) {
        if (copy.role !== null) await takeAway(copy.scopeId, userId, answer.version);
      } else {
        await saveMember(rows, copy.scopeId, userId, answer.role, answer.version);
        // An answer that was under way for long revives and raises nobody: what the feed has said since is newer, and was kept.
        const [now] = await known([place], userId);
        if (now?.wasMember) {
          remember(key, now.role);
          return now;
        }
      }
    }
    remember(key, answer.role);
    return { scopeId: copy.scopeId, role: answer.role, wasMember: copy.wasMember, writable: answer.writable, key: answer.key };
  }

  /** The feed tells of the same removal later; whoever writes the tombstone tells of the loss, and nobody else. */
  function takeAway(scope: string, userId: string, version: number): Promise<void> {
    return writeTransaction(database, { lock: [] }, async (tx) => {
      const { lost } = await saveMember(tx.query, scope, userId, null, version);
      if (lost) await accessLost?.(tx, { scopeId: scope, userIds: [userId], version });
    });
  }

  /** A yes of the owner is good for a while, a no is not remembered. */
  function remember(key: string, role: Role | null): void {
    if (confirmed.size > 10_000) confirmed.clear();
    if (role === null) confirmed.delete(key);
    else confirmed.set(key, Date.now() + yesMs);
  }

  async function memberships(places: readonly PlaceRef[], userId: string, enough: Enough = () => true): Promise<(Membership | Error)[]> {
    const copies = places.length > 0 ? await known(places, userId) : [];
    return Promise.all(
      places.map((place, index) => decide(place, userId, copies[index] as Membership, enough).catch((error: unknown) => error as Error)),
    );
  }

  return {
    memberships,
    async membership(kind, placeId, userId, enough) {
      const [answer] = await memberships([{ kind, id: placeId }], userId, enough);
      if (answer instanceof Error) throw answer;
      return answer as Membership;
    },
  };
}
