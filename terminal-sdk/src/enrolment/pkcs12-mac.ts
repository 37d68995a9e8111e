// Looks at the MAC of a PKCS#12 file before anything is computed with it: there must be one, and it must not take hours.

import forge from "node-forge";
import { PassTpeError } from "../errors.js";

/** More iterations than any tool writes today; beyond, the process would hang on a damaged number. */
const MAC_ITERATIONS_MAX = 2_000_000;
const PFX_PARTS = 3;

/**
 * @param container a PFX (RFC 7292 §4): version, authSafe, macData.
 * @throws PassTpeError `CREDENTIALS_UNREADABLE`.
 */
export function refuseCostlyMac(container: forge.asn1.Asn1): void {
  const parts = childrenOf(container);
  const macData = parts[2];
  if (parts.length !== PFX_PARTS || macData === undefined) {
    throw refused("the PKCS#12 file has no MAC; export it again with one");
  }
  // MacData: mac, macSalt, iterations DEFAULT 1.
  const iterations = childrenOf(macData)[2];
  if (iterations === undefined) return;
  const { value } = iterations;
  const count =
    typeof value === "string" ? Number.parseInt(forge.util.bytesToHex(value), 16) : Number.NaN;
  if (count >= 1 && count <= MAC_ITERATIONS_MAX) return;
  throw refused(`the MAC of the PKCS#12 file takes ${count} iterations; export it again`);
}

function childrenOf({ value }: forge.asn1.Asn1): readonly forge.asn1.Asn1[] {
  return typeof value === "string" ? [] : value;
}

function refused(detail: string): PassTpeError {
  return new PassTpeError({ code: "CREDENTIALS_UNREADABLE", detail });
}
