// Examples of a terminal's enrolment and renewal. Requests and certificates are cut short.

import type {
  EnrolmentAnswer,
  EnrolmentRequest,
  RenewalAnswer,
  RenewalConfirmationAnswer,
  RenewalConfirmationRequest,
  RenewalRequest,
} from "../messages/enrolment.js";
import type { Example } from "./example.js";
import { DECIDED_AT_MS } from "./example-decision.js";

const YEAR_MS = 365 * 24 * 3_600_000;
const CERTIFICATE_EXPIRES_AT_MS = DECIDED_AT_MS + YEAR_MS;

const CSR =
  "-----BEGIN CERTIFICATE REQUEST-----\nMIICVzCCAT8CAQAwEjEQMA4GA1UEAwwHdGVybWluYWww…\n-----END CERTIFICATE REQUEST-----\n";
const certificateOf = (start: string) =>
  `-----BEGIN CERTIFICATE-----\n${start}…\n-----END CERTIFICATE-----\n`;

export const ENROLMENT_REQUESTS = {
  enrolment: {
    summary: "The first half of the code 0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ",
    value: { secret: "0123456789ABCDEF", csr: CSR },
  },
} as const satisfies Record<string, Example<EnrolmentRequest>>;

export const ENROLMENT_ANSWERS = {
  issued: {
    summary: "A certificate for a year, and a PIN key for this terminal's eyes",
    value: {
      terminalId: "T-0001",
      pointOfSaleId: "P-100-1",
      ca: certificateOf("MIIDGzCCAgOgAwIBAgIUe4M3rSx0W9e1Y6m7o0nqOq3T"),
      certificate: certificateOf("MIICujCCAaICFF5Vn1n0c8Jm2pQkY4l3w1bYd7H0MA0G"),
      certificateExpiresAtMs: CERTIFICATE_EXPIRES_AT_MS,
      pinKey: {
        initialKeyId: "5041535300C0FFEE",
        wrappedKey: "bm90IGEga2V5OiBhbiBleGFtcGxlIG9mIFJTQS1PQUVQ",
      },
      serverTimeMs: DECIDED_AT_MS,
    },
  },
} as const satisfies Record<string, Example<EnrolmentAnswer>>;

export const RENEWAL_REQUESTS = {
  renewal: { summary: "A request for a new key", value: { csr: CSR } },
  keepingPinKey: {
    summary: "The PIN pad takes no key: the one in use stays",
    value: { csr: CSR, pinKey: "keep" },
  },
} as const satisfies Record<string, Example<RenewalRequest>>;

const { pinKey, ...CERTIFIED } = ENROLMENT_ANSWERS.issued.value;

export const RENEWAL_ANSWERS = {
  issued: {
    summary: "A certificate for another year, and the PIN key that goes with it",
    value: { ...CERTIFIED, pinKey },
  },
  keepingPinKey: { summary: "A certificate alone", value: CERTIFIED },
} as const satisfies Record<string, Example<RenewalAnswer>>;

export const CONFIRMATION_REQUESTS = {
  confirmation: { summary: "The certificate that calls says it all", value: {} },
} as const satisfies Record<string, Example<RenewalConfirmationRequest>>;

export const CONFIRMATION_ANSWERS = {
  inForce: {
    summary: "In force for a year",
    value: { terminalId: "T-0001", certificateExpiresAtMs: CERTIFICATE_EXPIRES_AT_MS },
  },
} as const satisfies Record<string, Example<RenewalConfirmationAnswer>>;
