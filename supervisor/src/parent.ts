const LOOK_EVERY_MS = 250;

/**
 * Calls `onGone` when the process that started us is gone. A SIGTERM to npm ends npm and its shell without
 * reaching us; seen from outside, "npm start" was stopped, so it has to stop.
 */
export function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
