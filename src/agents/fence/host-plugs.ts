/** pcmk_host_map: "xen1:1;xen2:2,3" or the same parted by blanks; a backslash keeps the next character. */
import { err, ok, type Result } from "../../base/result.ts";

/** Node -> what the device calls it. */
export function hostPlugs(text: string): Result<ReadonlyMap<string, string>> {
  const plugs = new Map<string, string>();
  for (const entry of splitEntries(text)) {
    const found = /^([^:=]+)[:=](.+)$/s.exec(entry);
    if (found === null)
      return err(`pcmk_host_map has entries such as node1:1;node2:2,3, not "${entry}"`);
    const [, node = "", plug = ""] = found;
    if (plugs.has(node)) return err(`pcmk_host_map names ${node} twice`);
    plugs.set(node, plug);
  }
  return ok(plugs);
}

function splitEntries(text: string): readonly string[] {
  const entries: string[] = [];
  let entry = "";
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "\\" && i + 1 < text.length) entry += text.charAt(++i);
    else if (/[\s;]/.test(character)) {
      entries.push(entry);
      entry = "";
    } else entry += character;
  }
  return [...entries, entry].filter((each) => each !== "");
}
