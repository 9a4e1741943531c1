/** Codes of node and PostgreSQL that say that the database is away, not that what was asked is wrong. */
const AWAY = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|57P|53|58)/;
/** What pg says without a code. */
const SAID =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/** The database is away, or cannot write: the same again later is worth a try. */
export function isAway(error: unknown): boolean {
  const { code, message, severity, syscall } = (error ?? {}) as Partial<Record<string, unknown>>;
  // Its socket is a file where it runs on this machine.
  if (code === 'ENOENT' && syscall === 'connect') return true;
  // FATAL is what PostgreSQL says when it ends a session, or does not begin one.
  if (severity === 'FATAL' || severity === 'PANIC' || (typeof code === 'string' && AWAY.test(code))) return true;
  return typeof message === 'string' && SAID.test(message);
}
