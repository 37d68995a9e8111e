// The files of a driver that keeps its rows in a database with a write-ahead log, for whoever copies them.

export interface LedgerFiles {
  /**
   * The database, opened for reading as long as the driver is. Nobody else opens the file: closing any other descriptor
   * of it would let go of the lock that keeps other processes out (POSIX advisory locks).
   */
  readonly database: number;
  /** The log; it may be missing or empty. Nobody locks it. */
  readonly logPath: string;
  /** Whether no transaction is open. */
  isIdle(): boolean;
  /** Moves the whole log into the database and empties it. Only where {@link isIdle}; nothing else ever does it. */
  checkpoint(): void;
}
