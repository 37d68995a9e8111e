// How long a certificate is still good, and when it is time for the next.

import { X509Certificate } from "node:crypto";

const DAY_MS = 24 * 3_600_000;

/** A certificate is renewed once less than this part of its life is left: a year's, four months before its end. */
const RENEWAL_SHARE = 1 / 3;

/** With less than this left and no renewal, people are told. */
const WARNING_MS = 14 * DAY_MS;

/** The end of a certificate's life (RFC 5280 section 4.1.2.5), Unix milliseconds. @param certificate PEM. */
export function expiryOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}

/** Whether it is time to renew. @param certificate PEM. @param nowMs the gateway's time, as well as it is known. */
export function isRenewalDue(certificate: string, nowMs: number): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  const endMs = Date.parse(validTo);
  return endMs - nowMs < (endMs - Date.parse(validFrom)) * RENEWAL_SHARE;
}

/** Whether somebody must act soon. @param certificate PEM. */
export function isExpiring(certificate: string, nowMs: number): boolean {
  return expiryOf(certificate) - nowMs < WARNING_MS;
}
