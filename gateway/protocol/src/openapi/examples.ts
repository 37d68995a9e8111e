// The examples by the name of their schema.

import type { ComponentName } from "./components.js";
import type { Example } from "./example.js";
import {
  AUTHORIZATION_ANSWERS,
  INQUIRY_ANSWERS,
  REVERSAL_ANSWERS,
  STATUS_ANSWERS,
  TERMINAL_PROFILES,
} from "./example-answers.js";
import { AUTHORIZATION_REQUESTS, INQUIRY_REQUESTS, REVERSAL_REQUESTS } from "./example-requests.js";

/** Every message that travels has one or more; the names of examples are the document's. */
export const EXAMPLES: Partial<Record<ComponentName, Record<string, Example<unknown>>>> = {
  AuthorizationRequest: AUTHORIZATION_REQUESTS,
  AuthorizationAnswer: AUTHORIZATION_ANSWERS,
  ReversalRequest: REVERSAL_REQUESTS,
  ReversalAnswer: REVERSAL_ANSWERS,
  StatusAnswer: STATUS_ANSWERS,
  InquiryRequest: INQUIRY_REQUESTS,
  InquiryAnswer: INQUIRY_ANSWERS,
  TerminalProfile: TERMINAL_PROFILES,
};
