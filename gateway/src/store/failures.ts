// Failures of what a store keeps its data in, after which this process may answer nothing more.

/**
 * What lies below cannot be relied on any more: what was not answered yet stays unanswered, and the process must end. At
 * its next start it finds by id what is true.
 */
export class LedgerFailedError extends Error {}

/** The file does not hold what was written into it: no start mends that. Who must act: the operator, with a backup. */
export class LedgerDamagedError extends LedgerFailedError {
  override readonly name = "LedgerDamagedError";
}

/**
 * What was durable is not there any more: the database was restored to an earlier instant, or a standby took over that had
 * not got it. Who must act: the operator, who opens a gap for what is lost.
 */
export class LedgerWentBackError extends LedgerFailedError {
  override readonly name = "LedgerWentBackError";
}

/** A sync failed: whether what was written is on the disk is not known, and a second sync would not tell. */
export class SyncFailedError extends LedgerFailedError {
  override readonly name = "SyncFailedError";
}

/** Work of a driver failed that is none of a commit's: nothing is lost, and it is tried again. Who must act: the operator. */
export class UpkeepFailedError extends Error {
  override readonly name = "UpkeepFailedError";
}
