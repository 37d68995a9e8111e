// Checks who is told to act when the gateway does not answer.

import { expect, it } from "vitest";
import { connectionError } from "./connection-fault.js";

it.each([
  "SELF_SIGNED_CERT_IN_CHAIN: self-signed certificate in certificate chain",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE: unable to verify the first certificate",
  "CERT_HAS_EXPIRED: certificate has expired",
  "ERR_TLS_CERT_ALTNAME_INVALID: Hostname/IP does not match",
  "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: tlsv13 alert certificate required",
  "EPROTO: write EPROTO 00:error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
  "HTTP 400 without a problem document",
  "HTTP 302 without a problem document",
])("%s is the integrator's to mend", (reason) => {
  expect(connectionError(reason)).toMatchObject({
    code: "TERMINAL_AUTH_FAILED",
    actor: "integrator",
    message: expect.stringContaining(reason),
  });
});

it.each([
  "ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1",
  "ECONNRESET: socket hang up",
  "ENOTFOUND: getaddrinfo ENOTFOUND gateway.example",
  "no answer within 2000 ms",
  "HTTP 502 without a problem document",
  "HTTP 429 without a problem document",
])("%s is the network's", (reason) => {
  expect(connectionError(reason)).toMatchObject({ code: "UNREACHABLE", actor: "network" });
});
