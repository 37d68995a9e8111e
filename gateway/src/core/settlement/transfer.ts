// One transfer of a payment file, as the bank is asked for it.

import type { BankAccount } from "./model.js";

export interface Transfer extends Pick<BankAccount, "iban" | "bic"> {
  /** The settlement that its reference names, by its last day; and the payment's number there. */
  readonly settlement: string;
  readonly no: number;
  readonly amountCents: number;
}
