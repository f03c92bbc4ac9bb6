/** The log of a disk server: lines on stderr, which the one who started it has pointed at a file. */

export type DiskLog = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
};

export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** @param write gets whole lines. */
export function diskLog(resource: string, write: (line: string) => void): DiskLog {
  const line =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      const words = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
      const time = new Date().toISOString();
      write(`${[`${time} ${level} drbd ${resource}: ${message}`, ...words].join(" ")}\n`);
    };
  return { info: line("INFO"), warn: line("WARN"), error: line("ERROR") };
}
