import type { Viewer } from '@taskgraph/shared/identity';
import type { OperationCost } from './limits/operation-cost.js';

/** The program at the other end. The user subgraph is told of it, nobody else. */
export interface ClientInfo {
  /** Address of the connection; null where the socket is gone. */
  ip: string | null;
  userAgent: string | null;
  /** Present where the answer can carry a cookie: over HTTP, for programs and for pages that may call. */
  cookies?: {
    /** The refresh token that came in our cookie. */
    refresh: string | null;
    /** `set-cookie` values for the answer. */
    set: string[];
  };
}

/** What is left of the cost points that one person may spend in a minute. */
export interface CostStanding {
  limit: number;
  remaining: number;
  /** Seconds until all of it is there again. */
  reset: number;
}

/** What one operation carries through the gateway, whether it came over HTTP or over a WebSocket. */
export interface GatewayContext {
  /** Null for an anonymous request. */
  viewer: Viewer | null;
  requestId: string;
  /** Passed to subgraphs with mutations only. */
  idempotencyKey: string | null;
  /** Absent for what the gateway runs by itself. */
  client?: ClientInfo;
  /** Takes the cost of the operation, once; see rate-limits/. Throws RATE_LIMITED. Null without a limit, absent for what the gateway runs by itself. */
  chargeCost?: (points: number) => Promise<CostStanding | null>;
  /** Takes the fields of a document that has to be planned, and answers how to give them back; see rate-limits/. Throws RATE_LIMITED. Absent for what the gateway runs by itself. */
  chargePlanning?: (fields: number) => Promise<() => Promise<void>>;
  /** Known once the operation is priced; see limits/. */
  cost?: OperationCost;
  /** It is only to be priced. */
  dryRun?: boolean;
  /** A document of the gateway's own, for a client whose operation was checked, priced and charged. */
  internal?: boolean;
}
