// Tells a network that is down from a set-up that no waiting mends: certificates, a wrong address, another server.

import { PassTpeError } from "../errors.js";

interface Fault {
  /** Matches the reason of an exchange: Node's or OpenSSL's error code first, then its message. */
  readonly reason: RegExp;
  /** What the integrator has to do. */
  readonly remedy: string;
}

const FAULTS: readonly Fault[] = [
  {
    // Node's codes for a certificate that does not verify (node:tls, "X509 certificate error codes").
    reason:
      /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT_|INVALID_|HOSTNAME_MISMATCH|PATH_LENGTH_)/,
    remedy:
      "the gateway's certificate is not trusted: give `credentials` whose ca is the gateway's, and see whether this machine's date is right",
  },
  {
    reason: /\balert\b|_ALERT_/i,
    remedy: "the gateway does not accept this terminal's certificate: enrol the terminal again",
  },
  {
    reason: /^(EPROTO|ERR_SSL_)/,
    remedy: "no TLS is spoken there: correct the port of `gateway`",
  },
  {
    // A proxy that asks for patience (408, 425, 429) or is ill (5xx) is no fault of the set-up.
    reason: /^HTTP (?!408|425|429)[34]\d\d without a problem document/,
    remedy: "another server than the gateway answers: correct `gateway`, and give `credentials`",
  },
];

/**
 * What the integrator has to do about an exchange without an answer, or null where waiting may mend it.
 *
 * @param reason of an exchange that was not sent or not answered.
 */
function setupRemedy(reason: string): string | null {
  return FAULTS.find((fault) => fault.reason.test(reason))?.remedy ?? null;
}

/** The error for a call that came to no answer: `TERMINAL_AUTH_FAILED` where the set-up is wrong, else `UNREACHABLE`. */
export function connectionError(reason: string): PassTpeError {
  const remedy = setupRemedy(reason);
  return remedy === null
    ? new PassTpeError({ code: "UNREACHABLE", detail: reason })
    : new PassTpeError({ code: "TERMINAL_AUTH_FAILED", detail: `${remedy} (${reason})` });
}
