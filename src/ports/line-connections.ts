/** Stream sockets that carry lines of text: QMP. */
export type LineConnections = {
  /** Rejects with an Error that names the path and the reason when nobody listens there. */
  connect(unixSocketPath: string): Promise<LineConnection>;
};

export type LineConnection = {
  /** Nothing happens when the connection has ended: onClose tells. */
  send(line: string): void;
  /** Lines come without their line end, from the first one on, however late the listener is added. */
  onLine(listener: (line: string) => void): void;
  /** Called once, also when the other side ends the connection, and after close(). */
  onClose(listener: () => void): void;
  /** No line is delivered afterwards. */
  close(): void;
};
