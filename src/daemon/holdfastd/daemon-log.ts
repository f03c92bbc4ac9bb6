/**
 * The daemon's log: one line an event on stderr, or in a file. Under systemd the priority stands before the line, and
 * the journal has the time; else the line has its own.
 */
export type LogLevel = "info" | "warn" | "error";

export type LogFields = Readonly<Record<string, string | number | boolean>>;

export type DaemonLog = (level: LogLevel, message: string, fields?: LogFields) => void;

/** syslog(3)'s priorities. */
const priorities: Readonly<Record<LogLevel, number>> = { info: 6, warn: 4, error: 3 };

/** @param write gets whole lines. */
export function daemonLog(options: {
  readonly toJournal: boolean;
  readonly write: (line: string) => void;
}): DaemonLog {
  return (level, message, fields = {}) => {
    const words = Object.entries(fields).map(([name, value]) => `${name}=${fieldText(value)}`);
    const text = [message.replaceAll("\n", " | "), ...words].join(" ");
    const head = options.toJournal
      ? `<${priorities[level]}>`
      : `${new Date().toISOString()} ${level.toUpperCase()} `;
    options.write(`${head}${text}\n`);
  };
}

function fieldText(value: string | number | boolean): string {
  const text = String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
