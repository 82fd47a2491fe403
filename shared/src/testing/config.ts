/** Where Redis is required, its absence fails the tests instead of leaving some out. */
export function redisRequired(env: NodeJS.ProcessEnv = process.env): boolean {
  return env['REQUIRE_REDIS'] === '1' || env['CI'] === 'true';
}
