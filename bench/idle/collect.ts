// Loaded into the server before its own program, for the bench of idle sockets only: on SIGUSR2 it throws away what
// nobody uses any more and writes down what is left, so that what is counted is what the sockets hold.
import { renameSync, writeFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  const { gc } = globalThis;
  const path = process.env['BENCH_MEMORY_FILE'];
  if (!gc || !path) return;
  gc();
  // What is freed by finalizers of the first is gone with the second.
  setTimeout(() => {
    gc();
    writeFileSync(`${path}.new`, JSON.stringify(process.memoryUsage()));
    renameSync(`${path}.new`, path);
  }, 500);
});
