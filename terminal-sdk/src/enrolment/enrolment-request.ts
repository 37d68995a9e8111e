// Asks the gateway for certificates: an enrolment by its code, a renewal by the old certificate, and the new one's first word.

import {
  type EnrolmentAnswer,
  EnrolmentAnswerSchema,
  type RenewalAnswer,
  RenewalAnswerSchema,
  type RenewalConfirmationAnswer,
  RenewalConfirmationAnswerSchema,
  type RenewalRequest,
} from "@pass-tpe/protocol";
import type { Exchange } from "../client/exchange.js";
import type { HttpClient } from "../client/http-client.js";

interface Asked {
  readonly http: HttpClient;
  readonly timeoutMs: number;
}

/** @param options.http trusts the authority of the code, and has no certificate. */
export function askForEnrolment(
  options: Asked & { secret: string; csr: string },
): Promise<Exchange<EnrolmentAnswer>> {
  const { http, timeoutMs, secret, csr } = options;
  const path = "v1/terminals/enrolments";
  const schema = EnrolmentAnswerSchema;
  return http.exchange({ method: "POST", path, body: { secret, csr }, schema, timeoutMs });
}

/** @param options.http speaks as the certificate that is to be renewed. */
export function askForRenewal(
  options: Asked & { request: RenewalRequest },
): Promise<Exchange<RenewalAnswer>> {
  const { http, timeoutMs, request: body } = options;
  const path = "v1/terminal/renewal";
  const schema = RenewalAnswerSchema;
  return http.exchange({ method: "POST", path, body, schema, timeoutMs });
}

/** From here on the certificate before this one is worth nothing. @param options.http speaks as the new one. */
export function confirmRenewal({
  http,
  timeoutMs,
}: Asked): Promise<Exchange<RenewalConfirmationAnswer>> {
  const path = "v1/terminal/renewal/confirmation";
  const schema = RenewalConfirmationAnswerSchema;
  return http.exchange({ method: "POST", path, body: {}, schema, timeoutMs });
}
