/** Small files: configuration and what must survive a restart. Paths are absolute. */
export type Files = {
  /** The text, or undefined when there is no such file. Other errors reject. */
  read(path: string): Promise<string | undefined>;
  /**
   * Replaces the file as a whole: after a crash there is the old text or the new one, on stable storage.
   * Makes the directories that are missing. A new file can be read by its owner only; an existing one keeps its mode.
   */
  write(path: string, text: string): Promise<void>;
  /** No error when there is no such file. */
  remove(path: string): Promise<void>;
  /** The names in a directory, sorted; none when there is no such directory. */
  list(path: string): Promise<readonly string[]>;
};
