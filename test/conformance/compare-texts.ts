/** What crm_mon and crm_simulate print of every recorded input, against Debian's 2.1.5: `npm run conformance -- --texts`. */
import { whyNoOracle } from "../compat/cib-oracle.ts";
import { judgeRow, monRows, simulateRows, type TextRow } from "../compat/text-rows.ts";
import { commandNamed } from "../compat/tool-sweep.ts";
import { recordedAsOurs } from "./recorded-cases.ts";

/** @param words a tool's name and its own words; without them, every command line of the tables. */
export async function compareTexts(words: readonly string[]): Promise<void> {
  const missing = whyNoOracle("crm_mon");
  if (missing !== undefined) return console.log(`Nothing is compared: ${missing}.`);
  process.env["TZ"] = "UTC";
  const isDrift = await recordedAsOurs(Math.floor(Date.now() / 1000));
  for (const row of await rowsOf(words)) {
    const { compared, differing, explained, unexplained } = await judgeRow(
      row,
      { every: 1, from: 0 },
      isDrift,
    );
    for (const [name, why] of explained) console.log(`  ${name}: ${why}`);
    for (const { name, missing: theirs, added } of unexplained) {
      console.log(`DIFFERS ${name}`);
      for (const line of theirs) console.log(`- ${line}`);
      for (const line of added) console.log(`+ ${line}`);
      process.exitCode = 1;
    }
    const line = [row.command.name, ...row.words].join(" ");
    console.log(
      `${line}: ${compared - differing.length} of ${compared} are equal, ` +
        `${explained.length} differ by version, ${unexplained.length} by fault\n`,
    );
  }
}

async function rowsOf([tool, ...words]: readonly string[]): Promise<readonly TextRow[]> {
  if (tool === undefined) return [...monRows, ...simulateRows];
  if (words.length === 0)
    return [...monRows, ...simulateRows].filter(({ command }) => command.name === tool);
  return [{ command: await commandNamed(tool), words }];
}
