/** Nested lists as Pacemaker's commands print them: "  * item", two blanks more for each level. */
export type ListItem =
  | string
  | {
      /** Empty: no line for it, and its items as deep as below one. */
      readonly title: string;
      readonly items: readonly ListItem[];
      /** No colon stands behind the title. */
      readonly bare?: boolean;
      /** How it stands with what the title is about, for a page that has colours. */
      readonly tone?: Tone;
    };

/** By the names that style sheets for crm_mon's pages have. */
export type Tone =
  | "online"
  | "offline"
  | "standby"
  | "maint"
  | "warning"
  | "rsc-ok"
  | "rsc-failed"
  | "rsc-failure-ignored"
  | "rsc-managed"
  | "rsc-multiple";

export function tonedLine(title: string, tone: Tone): ListItem {
  return { title, items: [], bare: true, tone };
}

export function listText(title: string, items: readonly ListItem[]): string {
  return `${title}:\n${items.map((item) => itemText(item, 1)).join("")}`;
}

function itemText(item: ListItem, level: number): string {
  const lead = `${"  ".repeat(level)}* `;
  if (typeof item === "string") return `${lead}${item}\n`;
  const inside = item.items.map((each) => itemText(each, level + 1)).join("");
  if (item.title === "") return inside;
  return `${lead}${item.title}${item.bare === true ? "" : ":"}\n${inside}`;
}
