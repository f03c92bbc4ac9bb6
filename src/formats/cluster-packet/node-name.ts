/** What a node can be called: what `uname -n` may be, so that a name is safe in a log and in a file name. */
export function isNodeName(name: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62})$/.test(name);
}
