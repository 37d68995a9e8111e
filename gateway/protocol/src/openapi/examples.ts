// The examples by the name of their schema.

import type { ComponentName } from "./components.js";
import type { Example } from "./example.js";
import {
  CAPTURE_ANSWERS,
  REFUND_ANSWERS,
  REVERSAL_ANSWERS,
  STATUS_ANSWERS,
} from "./example-after-sale.js";
import { AUTHORIZATION_ANSWERS, INQUIRY_ANSWERS, TERMINAL_PROFILES } from "./example-answers.js";
import {
  CONFIRMATION_ANSWERS,
  CONFIRMATION_REQUESTS,
  ENROLMENT_ANSWERS,
  ENROLMENT_REQUESTS,
  RENEWAL_ANSWERS,
  RENEWAL_REQUESTS,
} from "./example-enrolment.js";
import {
  AUTHORIZATION_REQUESTS,
  CAPTURE_REQUESTS,
  INQUIRY_REQUESTS,
  REFUND_REQUESTS,
  REVERSAL_REQUESTS,
} from "./example-requests.js";
import { RECONCILIATION_ANSWERS, RECONCILIATION_REQUESTS } from "./example-till-day.js";

/** Every message that travels has one or more; the names of examples are the document's. */
export const EXAMPLES: Partial<Record<ComponentName, Record<string, Example<unknown>>>> = {
  AuthorizationRequest: AUTHORIZATION_REQUESTS,
  AuthorizationAnswer: AUTHORIZATION_ANSWERS,
  ReversalRequest: REVERSAL_REQUESTS,
  ReversalAnswer: REVERSAL_ANSWERS,
  CaptureRequest: CAPTURE_REQUESTS,
  CaptureAnswer: CAPTURE_ANSWERS,
  RefundRequest: REFUND_REQUESTS,
  RefundAnswer: REFUND_ANSWERS,
  StatusAnswer: STATUS_ANSWERS,
  ReconciliationRequest: RECONCILIATION_REQUESTS,
  ReconciliationAnswer: RECONCILIATION_ANSWERS,
  InquiryRequest: INQUIRY_REQUESTS,
  InquiryAnswer: INQUIRY_ANSWERS,
  TerminalProfile: TERMINAL_PROFILES,
  EnrolmentRequest: ENROLMENT_REQUESTS,
  EnrolmentAnswer: ENROLMENT_ANSWERS,
  RenewalRequest: RENEWAL_REQUESTS,
  RenewalAnswer: RENEWAL_ANSWERS,
  RenewalConfirmationRequest: CONFIRMATION_REQUESTS,
  RenewalConfirmationAnswer: CONFIRMATION_ANSWERS,
};
