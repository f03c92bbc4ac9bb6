/** What the chapters of the demo, and the failover benchmark, work with. */
import type { DemoFindings } from "./demo-report.ts";
import type { Chapter } from "./demo-step.ts";
import type { HowtoFiles } from "./howto-files.ts";
import type { Screen } from "./screen.ts";
import type { StepRunner } from "./step-runner.ts";

export type DemoWorld = {
  readonly lab: string;
  readonly files: HowtoFiles;
  readonly screen: Screen;
  readonly runner: StepRunner;
  readonly findings: DemoFindings;
  /** What to end when the demo ends early. */
  readonly onEnd: (end: () => void) => void;
};

export async function runChapter(
  { screen, runner }: Pick<DemoWorld, "screen" | "runner">,
  chapter: Chapter,
): Promise<void> {
  screen.chapter(chapter.title);
  for (const step of chapter.steps) await runner.run(step);
}
