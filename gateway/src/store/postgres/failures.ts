// What a failure of PostgreSQL means for what is stored, by its SQLSTATE: a bug, another's doing, or nothing stored at all.

import { DatabaseError } from "pg";
import { BugError } from "../../core/assert.js";
import { ConnectionLostError, OvertakenError, TransactionLostError } from "../driver.js";
import { DatabaseSetupError } from "../setup-error.js";
import { ConstraintError } from "../sql/sql.js";
import { NOT_ANSWERED } from "./answered-within.js";

/** Classes: a rule of the schema does not hold; a value does not fit where it was put. */
const CONSTRAINT = "23";
const UNFIT_VALUE = "22";
const UNIQUE_VIOLATION = "23505";

/**
 * What was sent together with a statement that failed fails after it: the transaction takes no more, or does not know a
 * statement which it did not prepare any more.
 */
const AFTER_A_FAILURE: readonly string[] = ["25P02", "26000"];

/** Of two transactions that stood in each other's way this is the one that was taken back. */
const IN_THE_WAY: readonly string[] = ["40001", "40P01"];

/**
 * What is made once, whoever makes it, and is not under a lock before it is there: where two gateways make the same at a
 * time, the second finds it made. Anything else that is there twice is a bug.
 */
const MADE_ONCE: readonly string[] = ["attempts", "cards", "events", "operations", "reversals"];

/** This connection is over, or leads to a server that takes no writes any more: another one may not. */
const OF_THE_CONNECTION: readonly string[] = ["25006", "25P03", "57P01", "57P02", "57P03", "57P05"];
const CONNECTION_EXCEPTION = "08";

/** What the operator can do about it, by SQLSTATE. */
const ADVICE: Readonly<Record<string, string>> = {
  "25006": "the server takes no writes. Operator: see whether it is the primary",
  "53100": "the server's disk is full. Operator: free space on it",
  "53300":
    "the server takes no more connections. Operator: raise max_connections, or lower the gateways' pools",
  "55P03": "another transaction held for too long what this one needs",
  "57014": "a statement took too long",
  "57P01": "the server was stopped",
  "57P03": "the server is starting, or stopping",
};

/**
 * What a statement's failure means, once its transaction is given up or where it had none of its own: then nothing of it
 * was stored, unless it was a COMMIT.
 *
 * @param isAlone where no other transaction was at work: nobody can have been faster.
 * @returns BugError or its ConstraintError; TransactionLostError, or its OvertakenError or ConnectionLostError.
 */
export function meaningOf(error: unknown, isAlone = false): unknown {
  const isKnown = error instanceof BugError || error instanceof TransactionLostError;
  if (isKnown || error instanceof DatabaseSetupError) return error;
  if (!(error instanceof DatabaseError)) {
    return connectionLost("the connection to PostgreSQL failed", error);
  }
  const { code = "", message } = error;
  const isOvertaken = IN_THE_WAY.includes(code) || (!isAlone && isMadeAlready(error));
  if (isOvertaken) return new OvertakenError("another gateway was faster", { cause: error });
  if (code.startsWith(CONSTRAINT)) {
    const why = `a constraint of the schema does not hold: ${message}`;
    return new ConstraintError(why, { cause: error });
  }
  if (code.startsWith(UNFIT_VALUE) || AFTER_A_FAILURE.includes(code)) {
    return new BugError(message, { cause: error });
  }
  const why = `PostgreSQL failed: ${ADVICE[code] ?? message} (${code})`;
  const isOfConnection = OF_THE_CONNECTION.includes(code) || code.startsWith(CONNECTION_EXCEPTION);
  return isOfConnection || isOutdated(error) ? connectionLost(why, error) : lost(why, error);
}

/**
 * Whether a statement was prepared before a migration that changed what it gives: every connection that is older than
 * that has such statements. By the place in the server's code: its words are in the server's language.
 */
export function isOutdated(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    error.code === "0A000" &&
    error.routine === "RevalidateCachedQuery"
  );
}

function isMadeAlready({ code, table = "" }: DatabaseError): boolean {
  return code === UNIQUE_VIOLATION && MADE_ONCE.includes(table);
}

function lost(why: string, cause: unknown): TransactionLostError {
  return new TransactionLostError(`nothing of this was stored: ${why}`, { cause });
}

function connectionLost(why: string, cause: unknown): ConnectionLostError {
  return new ConnectionLostError(`nothing of this was stored: ${why}`, { cause });
}

const SETUP_ADVICE: Readonly<Record<string, string>> = {
  "28000": "refuses this user. Operator: check the user in DATABASE_URL, and pg_hba.conf",
  "28P01": "refuses this password. Operator: check the user and the password in DATABASE_URL",
  "3D000": "has no such database. Operator: make it, or check its name in DATABASE_URL",
  "42501": "does not let this user do what is needed. Operator: make it the owner of the database",
  ECONNREFUSED:
    "does not answer: nobody listens there. Operator: start it, or check host and port in DATABASE_URL",
  EACCES:
    "cannot be reached: this user may not use its socket. Operator: check the socket's rights",
  ENOENT: "does not answer: there is no such socket. Operator: start it, or check DATABASE_URL",
  ENOTFOUND: "cannot be found: its name is unknown. Operator: check the host in DATABASE_URL",
  EAI_AGAIN: "cannot be found just now. Operator: check the name service",
  EHOSTUNREACH: "cannot be reached. Operator: check the network",
  ENETUNREACH: "cannot be reached. Operator: check the network",
  ETIMEDOUT:
    "does not answer in time. Operator: look whether it is well, and check the network, and the host in DATABASE_URL",
};

/** What Node and OpenSSL say of a certificate that does not lead to an authority which is believed. */
const NOT_VOUCHED_FOR: readonly string[] = [
  "CERT_HAS_EXPIRED",
  "CERT_SIGNATURE_FAILURE",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

/** Why TLS does not come about, where that is it: by the files that DATABASE_URL names, or by what the server shows. */
function tlsError(cause: unknown): DatabaseSetupError | null {
  if (!(cause instanceof Error)) return null;
  const code = codeOf(cause);
  if ("syscall" in cause && cause.syscall === "open" && "path" in cause) {
    return new DatabaseSetupError(
      `${cause.path} cannot be read (${code}). Operator: check sslrootcert, sslcert and sslkey in DATABASE_URL, and who may read these files`,
      { cause },
    );
  }
  if (code.startsWith("ERR_OSSL_")) {
    return new DatabaseSetupError(
      `a file that sslrootcert, sslcert or sslkey in DATABASE_URL names is no certificate or key in PEM (${code}). Operator: check these files`,
      { cause },
    );
  }
  if (!NOT_VOUCHED_FOR.includes(code)) return null;
  return new DatabaseSetupError(
    `the PostgreSQL server shows a certificate that is not believed (${code}). Operator: let sslrootcert in DATABASE_URL name the authority that issued it, and the host be one that the certificate names`,
    { cause },
  );
}

/** What a start is refused with, for whatever failed while the database was set up. It names no password. */
export function setupError(error: unknown): DatabaseSetupError {
  if (error instanceof DatabaseSetupError) return error;
  const cause = error instanceof TransactionLostError ? error.cause : error;
  const ofTls = tlsError(cause);
  if (ofTls) return ofTls;
  const code = codeOf(cause);
  const told = cause instanceof Error ? cause.message : String(cause);
  const advice = SETUP_ADVICE[code] ?? ADVICE[code] ?? `cannot be used: ${told}`;
  return new DatabaseSetupError(`the PostgreSQL server ${advice}`, { cause });
}

/** What pg and its pool say where an answer does not come; they give it no code. */
const NO_ANSWER: readonly string[] = [
  "timeout expired",
  NOT_ANSWERED,
  "Connection terminated due to connection timeout",
  "timeout exceeded when trying to connect",
];

/** Of several addresses of one host the first one's failure is told. */
function codeOf(error: unknown): string {
  const one = error instanceof AggregateError ? error.errors[0] : error;
  if (one instanceof Error && NO_ANSWER.includes(one.message)) return "ETIMEDOUT";
  if (typeof one !== "object" || one === null || !("code" in one)) return "";
  return typeof one.code === "string" ? one.code : "";
}
