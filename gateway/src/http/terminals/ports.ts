// What the terminals' listener needs for the life of terminals; the composition root hands it in.

import type {
  EnrolmentAnswer,
  EnrolmentRequest,
  RenewalAnswer,
  RenewalConfirmationAnswer,
  RenewalRequest,
} from "@pass-tpe/protocol";
import type { KnownTerminal } from "../../core/ports.js";

/** What was issued, or why it was not. */
export type Issuance<Answer extends RenewalAnswer> =
  | { readonly type: "issued"; readonly answer: Answer }
  /** The certificate request is none; for the integrator. */
  | { readonly type: "malformed"; readonly reason: string }
  /** Code or terminal are good for nothing, whyever: nobody learns which codes there are. */
  | { readonly type: "refused" };

/** A terminal by the certificate that it shows. */
export interface ShownTerminal {
  readonly terminalId: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly certificate: string;
}

export interface Enrolment {
  /** Uses an activation code. */
  enrol(request: EnrolmentRequest): Promise<Issuance<EnrolmentAnswer>>;
  /** Issues what the terminal may confirm. */
  renew(terminal: ShownTerminal, request: RenewalRequest): Promise<Issuance<RenewalAnswer>>;
  /** Puts a renewal in force; null where this certificate is none of the terminal's. */
  confirm(terminal: ShownTerminal): Promise<RenewalConfirmationAnswer | null>;
  /** Whose renewal, not confirmed yet, has this certificate; null where none has. */
  renewing(certificate: string): Promise<KnownTerminal | null>;
}
