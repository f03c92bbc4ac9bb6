/**
 * `crm_mon --output-as=html`: the lists of the text as a page that needs nothing else. Lines have the classes of
 * Pacemaker's pages, so that a style sheet made for those fits.
 */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { ListItem } from "../../scheduler/list-text.ts";
import { type MonList, monLists } from "../crm-mon/mon-lists.ts";
import type { MonOptions } from "../crm-mon/mon-options.ts";
import type { TimeTexts } from "../time-texts.ts";
import { htmlEscaped } from "./html-escaped.ts";

export type Page = {
  readonly title: string;
  /** Of a style sheet that comes after our own. */
  readonly stylesheet: string | undefined;
  /** After how many seconds a browser loads it again. */
  readonly refreshS: number | undefined;
};

export function monHtml(
  snapshot: ClusterSnapshot,
  { options, page }: { readonly options: MonOptions; readonly page: Page },
  times: TimeTexts,
): string {
  const { summary, notice, lists } = monLists(snapshot, options, times);
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    headHtml(page),
    "<body>",
    ...(summary === undefined ? [] : [summaryHtml(summary)]),
    ...(notice === "" ? [] : [noticeHtml(notice)]),
    ...lists.map(listHtml),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

const colours = `:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
h2 { font-size: 1.1rem; margin: 1.4rem 0 .3rem; border-bottom: 1px solid #8886 }
h3 { font-size: 1rem; margin: 0 }
ul { margin: 0; padding-left: 1.3rem }
.bold { font-weight: bold }
.online, .rsc-ok { color: light-dark(#15692a, #6ed08a) }
.offline, .rsc-failed { color: light-dark(#b3151b, #ff8a84) }
.maint, .standby, .rsc-managed { color: light-dark(#1d4fb8, #8db4ff) }
.rsc-multiple { color: light-dark(#a05a00, #ffb454) }
.rsc-failure-ignored { color: light-dark(#3d6b2e, #a3c293) }
.warning { color: light-dark(#b3151b, #ff8a84); font-weight: bold }`;

function headHtml({ title, stylesheet, refreshS }: Page): string {
  const lines = [
    "<head>",
    `<title>${htmlEscaped(title)}</title>`,
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    ...(refreshS === undefined ? [] : [`<meta http-equiv="refresh" content="${refreshS}">`]),
    `<style>${colours}</style>`,
    ...(stylesheet === undefined
      ? []
      : [`<link rel="stylesheet" href="${htmlEscaped(stylesheet)}">`]),
    "</head>",
  ];
  return lines.join("\n");
}

/** What stands before the colon is the name of what stands behind it. */
function summaryHtml({ title, items }: MonList): string {
  const lines = items.map((item) => {
    const text = typeof item === "string" ? item : item.title;
    const parts = /^([^:]+:) +(.*)$/.exec(text);
    if (parts === null) return `<li>${htmlEscaped(text)}</li>`;
    const [, name = "", value = ""] = parts;
    const missing = value === "NONE" || value.includes("WITHOUT quorum");
    const shown = missing ? spanHtml("warning", value) : htmlEscaped(value);
    return `<li>${spanHtml("bold", name)} ${shown}</li>`;
  });
  return `<h2>${htmlEscaped(title)}</h2>\n<ul>\n${lines.join("\n")}\n</ul>`;
}

function noticeHtml(notice: string): string {
  const lines = notice.split("\n").map((line) => line.trim().replaceAll("*", "").trim());
  return `<p>${spanHtml("warning", lines.filter(Boolean).join(": "))}</p>`;
}

function listHtml({ title, items }: MonList): string {
  return `<h2>${htmlEscaped(title)}</h2>\n${itemsHtml(items)}`;
}

function itemsHtml(items: readonly ListItem[]): string {
  return `<ul>\n${items.map(itemHtml).join("\n")}\n</ul>`;
}

function itemHtml(item: ListItem): string {
  if (typeof item === "string") return `<li>${htmlEscaped(item)}</li>`;
  const { title, items, tone } = item;
  const named = tone === undefined ? htmlEscaped(title) : spanHtml(tone, title);
  if (items.length === 0) return `<li>${named}</li>`;
  // What has no title of its own is as deep as what is around it.
  if (title === "") return items.map(itemHtml).join("\n");
  return `<li><h3>${named}</h3>\n${itemsHtml(items)}</li>`;
}

function spanHtml(className: string, text: string): string {
  return `<span class="${className}">${htmlEscaped(text)}</span>`;
}
