import type { Config } from './config.js';

const studio = 'https://studio.apollographql.com';

/** Web pages that may talk to the gateway: its own, Apollo Studio's Sandbox, and those of CORS_ORIGINS. `port` is the one listened on. */
export function allowedOrigins(config: Pick<Config, 'publicUrl' | 'corsOrigins'>, port: number): Set<string> {
  return new Set([
    new URL(config.publicUrl).origin,
    `http://localhost:${port}`,
    `http://127.0.0.1:${port}`,
    studio,
    ...config.corsOrigins,
  ]);
}
