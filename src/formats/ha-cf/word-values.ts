/** Single words of ha.cf as values. */

export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** Heartbeat's words for yes and no (clplumbing, cl_str_to_boolean). */
export function parseOnOff(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (["true", "on", "yes", "y", "1"].includes(word)) return true;
  if (["false", "off", "no", "n", "0"].includes(word)) return false;
  return undefined;
}
