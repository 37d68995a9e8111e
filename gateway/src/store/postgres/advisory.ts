// The advisory locks that gateways hold beside rows: who is at work, who works alone, and whom an event is about.

/** Tells ours from those of other programs in the same database. */
const CLASS = 0x7a55;
const WORK = 1;
const MIGRATION = 2;
const SEALING = 3;

/** Whoever writes shares it until the transaction is over; whoever must be alone has it for itself. */
export const SHARE_WORK = `SELECT pg_advisory_xact_lock_shared(${CLASS}, ${WORK})`;
export const WORK_ALONE = `SELECT pg_advisory_xact_lock(${CLASS}, ${WORK})`;

/**
 * Until the transaction is over: whoever has waited to be alone has more time than a sale. Not while it waits: those who
 * sell stand behind it in the line.
 */
export const TAKE_TIME = {
  name: "take-time",
  text: "SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true)",
};

/** Who is at work now: each transaction by a name that no other has while its server runs. */
export const WHO_IS_AT_WORK = `SELECT virtualtransaction AS name FROM pg_locks
  WHERE locktype = 'advisory' AND classid = ${CLASS} AND objid = ${WORK} AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** One gateway at a time brings the schema up to date. Of the session, and not of a transaction. */
export const TRY_MIGRATING = `SELECT pg_try_advisory_lock(${CLASS}, ${MIGRATION}) AS is_ours`;
export const MIGRATED = `SELECT pg_advisory_unlock(${CLASS}, ${MIGRATION})`;

/** Until the transaction is over, by its name: what is named may not be there yet, so that no row can be locked. */
export const LOCK_SUBJECT = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";

/** One gateway seals, as long as its session lasts. Of the session: taken more than once, it is gone with it all the same. */
export const TRY_SEALING = `SELECT pg_try_advisory_lock(${CLASS}, ${SEALING}) AS is_ours`;
