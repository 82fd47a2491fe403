/**
 * Something only the operator can put right (a port taken, a wrong URL, a directory not writable).
 * The message is one complete sentence that says what to do; entry points print it without a stack.
 */
export class StartError extends Error {
  override name = 'StartError';
}
