/**
 * Removes what this browser keeps of an agent: drafts, unsent words, marks. For whoever logs out on purpose, perhaps from
 * a computer that others use; a session that merely ends keeps them.
 */
export function forget(agent: string): void {
  try {
    for (const kind of ['drafts', 'seen']) localStorage.removeItem(`baton.${kind}.${agent}`);
    sessionStorage.removeItem(`baton.outgoing.${agent}`);
  } catch {
    // Storage is blocked: then it holds nothing.
  }
}
