// Work that a driver puts off until its commits are answered: no sale waits for it in its own commit.

/** Between two commits alone. */
export interface Upkeep {
  /** @param isQuiet whether nobody waits. */
  isDue(isQuiet: boolean): boolean;
  /**
   * Does what is due. Afterwards nothing is due for a while, whether it went well or not.
   *
   * @throws UpkeepFailedError where nothing is lost and the same is tried again; LedgerFailedError as everything does.
   */
  run(): void;
}
