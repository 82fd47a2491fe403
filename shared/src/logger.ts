import { pino, type Logger } from 'pino';
import { traceFields } from './tracing/spans.js';

/**
 * One JSON line per entry on stdout. Secrets are redacted by name as a second wall; the first is not to log them.
 */
export function createLogger({ service, level }: { service: string; level: string }): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceFields,
    redact: {
      paths: [
        'req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', '*.accessToken', '*.refreshToken', '*.secret',
        // A failed statement carries its values along: in the error, in the driver's, and in the server's `detail`.
        '*.parameters', '*.detail', '*.driverError.parameters', '*.driverError.detail',
      ],
      censor: '[redacted]',
    },
  });
}
