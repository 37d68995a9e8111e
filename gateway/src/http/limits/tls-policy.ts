// What every TLS listener speaks: forward secrecy and authenticated encryption, in the order that the server prefers.

import { constants } from "node:crypto";

/** The suites of TLS 1.3 have both by design (RFC 8446, appendix B.4); those of TLS 1.2 are ECDHE with GCM or ChaCha20 (RFC 5289, 7905). */
const CIPHERS = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
];

/** Options of a TLS server. Whoever holds a connection cannot make the server begin a handshake on it again. */
export const TLS_POLICY = {
  minVersion: "TLSv1.2",
  ciphers: CIPHERS.join(":"),
  honorCipherOrder: true,
  ecdhCurve: "X25519:P-256:P-384",
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;
