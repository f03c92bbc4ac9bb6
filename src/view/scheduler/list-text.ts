/** Nested lists as Pacemaker's commands print them: "  * item", two blanks more for each level. */
export type ListItem = string | { readonly title: string; readonly items: readonly ListItem[] };

export function listText(title: string, items: readonly ListItem[]): string {
  return `${title}:\n${items.map((item) => itemText(item, 1)).join("")}`;
}

function itemText(item: ListItem, level: number): string {
  const lead = `${"  ".repeat(level)}* `;
  if (typeof item === "string") return `${lead}${item}\n`;
  const inside = item.items.map((each) => itemText(each, level + 1)).join("");
  return `${lead}${item.title}:\n${inside}`;
}
