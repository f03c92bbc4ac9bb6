/**
 * A test of the repository itself: rules about files and words that no compiler or linter knows.
 * Each finding is one line "file: what is wrong, and the rule". Exit status 1 if there is any.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { errors } from "../src/api/errors.ts";
import layers from "./layers.json" with { type: "json" };

const root = path.resolve(import.meta.dirname, "..");
const findings: string[] = [];
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));
const sources = files.filter((file) => /\.(ts|mjs|cjs)$/.test(file));

for (const file of files) {
  if (statSync(path.join(root, file)).size > 200_000 && file !== "package-lock.json") {
    findings.push(`${file}: over 200 kB; what is generated or recorded is not committed`);
  }
}
for (const file of sources) checkSource(file, readFileSync(path.join(root, file), "utf8"));
checkMap();
checkFileSizes();
checkErrorCodes();
checkCommandPages();
checkDecisions();

for (const finding of findings.sort()) console.log(finding);
process.exitCode = findings.length > 0 ? 1 : 0;

function checkSource(file: string, text: string): void {
  const base = path.basename(file);
  const badName = /(^|[-.])(utils?|helpers?|common|misc|index|manager)\.ts$/;
  if (badName.test(base))
    findings.push(`${file}: named for nothing; a file is named after its main thing (STYLE.md)`);
  if (!/^[a-z0-9.-]+$/.test(base) && file !== ".dependency-cruiser.cjs")
    findings.push(`${file}: file names are kebab-case`);
  if (file.startsWith("tools/tidy")) return;
  const lines = text.split("\n");
  lines.forEach((line, i) => {
    if (/\b(TODO|FIXME|XXX|HACK)\b/.test(line))
      findings.push(`${file}:${i + 1}: unfinished work is an issue, not a comment`);
    if (/\b(class|interface|type) \w*(Manager|Helper|Util|Impl)\b/.test(line))
      findings.push(`${file}:${i + 1}: a type is named after its thing (STYLE.md)`);
  });
  const pure = Object.entries(layers).some(
    ([name, layer]) => !layer.node && file.startsWith(`${name}/`),
  );
  if (pure && !file.endsWith(".test.ts")) {
    lines.forEach((line, i) => {
      if (/\b(localeCompare|toLocale\w+)\b/.test(stripped(line)))
        findings.push(`${file}:${i + 1}: depends on the locale`);
      if (
        /^\s*(export )?(async )?function.*\basync\b|\basync\b/.test(stripped(line)) &&
        !file.startsWith("src/agents/") &&
        !file.startsWith("src/ports/")
      ) {
        findings.push(`${file}:${i + 1}: pure layers are synchronous`);
      }
    });
  }
}

function stripped(line: string): string {
  return line.replace(/\/\/.*$|^\s*\/?\*.*$|"[^"]*"|`[^`]*`/g, "");
}

function checkMap(): void {
  const page = path.join(root, "docs", "ARCHITECTURE.md");
  const text = existsSync(page) ? readFileSync(page, "utf8") : "";
  const rows = new Set([...text.matchAll(/^\| (\S+) +\|/gm)].map((row) => row[1]));
  for (const layer of Object.keys(layers)) {
    const name = layer.replace("src/", "");
    if (!rows.has(name)) findings.push(`docs/ARCHITECTURE.md: no row for layer ${name}`);
  }
  const parts = new Set(files.map((file) => /^src\/core\/([^/]+)\//.exec(file)?.[1]));
  for (const part of parts) {
    if (part !== undefined && !rows.has(part))
      findings.push(`docs/ARCHITECTURE.md: no row for src/core/${part}`);
  }
}

function checkFileSizes(): void {
  const sizes = sources
    .filter((file) => /^(src|sim|lab)\//.test(file) && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(path.join(root, file), "utf8").split("\n").length)
    .sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  if (median > 150)
    findings.push(`the median source file has ${median} lines; the limit is 150 (STYLE.md)`);
}

function checkErrorCodes(): void {
  const page = readFileSync(path.join(root, "docs", "guide", "errors.md"), "utf8");
  const described = new Set(page.match(/^\| HF\d{4} (?=\|)/gm)?.map((row) => row.slice(2, 8)));
  for (const code of Object.keys(errors)) {
    if (!described.delete(code)) findings.push(`docs/guide/errors.md: ${code} has no entry`);
  }
  for (const code of described)
    findings.push(`docs/guide/errors.md: ${code} is not in src/api/errors.ts`);
  const raised = sources
    .filter((file) => /^(src|lab)\//.test(file) && !/^src\/api\/errors|\.test\.ts$/.test(file))
    .map((file) => readFileSync(path.join(root, file), "utf8"))
    .join("\n");
  for (const code of Object.keys(errors)) {
    if (!raised.includes(code)) findings.push(`src/api/errors: nothing raises ${code}`);
  }
}

/** Each decision stands in the list of them, by the words of its title. */
function checkDecisions(): void {
  const folder = path.join(root, "docs", "adr");
  const list = readFileSync(path.join(folder, "README.md"), "utf8");
  for (const file of files) {
    const name = /^docs\/adr\/(\d.+)$/.exec(file)?.[1];
    if (name === undefined) continue;
    const title = /^# \d+\. (.+)$/m.exec(readFileSync(path.join(folder, name), "utf8"))?.[1];
    if (!list.includes(`[${title}](${name})`))
      findings.push(`docs/adr/README.md: does not list "${title}" (${name})`);
  }
}

/** Every command has its manual page, and stands among the others by what it is for. */
function checkCommandPages(): void {
  const guide = readFileSync(path.join(root, "docs", "guide", "commands.md"), "utf8");
  for (const file of files) {
    const name = /^bin\/(.+)$/.exec(file)?.[1];
    // The disk server is started by drbdadm, and by nobody else.
    if (name === undefined || name === "holdfast-disk") continue;
    if (!files.includes(`docs/man/${name}.md`)) findings.push(`${file}: no docs/man/${name}.md`);
    if (!guide.includes(`man/${name}.md`))
      findings.push(`docs/guide/commands.md: does not name ${name}`);
  }
}
