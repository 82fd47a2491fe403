import type { Viewer } from '@taskgraph/shared/identity';

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

/** What one operation carries through the gateway, whether it came over HTTP or over a WebSocket. */
export interface GatewayContext {
  /** Null for an anonymous request. */
  viewer: Viewer | null;
  requestId: string;
  /** Passed to subgraphs with mutations only. */
  idempotencyKey: string | null;
  /** Absent for what the gateway runs by itself. */
  client?: ClientInfo;
}
