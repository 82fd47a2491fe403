// Loaded into every child before its own code. The channel to the supervisor closes when that dies, however it
// dies. A process stops by itself then (`runProcess`); one that was still loading, or hangs, is ended here.
const PATIENCE_MS = 8_000;

process.once('disconnect', () => setTimeout(() => process.exit(1), PATIENCE_MS).unref());
