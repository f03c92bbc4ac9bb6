/** The kernel's list of mounts, /proc/PID/mountinfo (proc(5)). */
export type Mount = {
  /** major:minor of what is mounted. */
  readonly device: string;
  readonly target: string;
  readonly type: string;
  readonly source: string;
};

export function parseMountInfo(text: string): readonly Mount[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [before = "", after = ""] = line.split(" - ");
      const fields = before.split(" ");
      const [type = "", source = ""] = after.split(" ");
      return { device: fields[2] ?? "", target: unescapeOctal(fields[4] ?? ""), type, source };
    });
}

/** Blanks, tabs, line ends and backslashes in paths are written as \040 and so on. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
