/** Stream sockets that carry lines of text: QMP. */
export type LineConnections = {
  /** Rejects with an Error that names the path and the reason when nobody listens there. */
  connect(unixSocketPath: string): Promise<LineConnection>;
};

export type LineConnection = {
  send(line: string): void;
  onLine(listener: (line: string) => void): void;
  /** Called once, also when the other side ends the connection. */
  onClose(listener: () => void): void;
  close(): void;
};
