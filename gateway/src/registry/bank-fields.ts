// A bank account as it is sent: an IBAN and a BIC that can be right, in a country that payments reach.

import { isSEPACountry, isValidBIC, isValidIBAN } from "ibantools";
import { z } from "zod";

/** What a transfer can carry of a name (SEPA credit transfer, Nm). */
const HOLDER_LENGTH_MAX = 70;
/** 34 characters and a space after every fourth, with some to spare. */
const TYPED_LENGTH_MAX = 60;

/** Without the spaces that it is printed with, in upper case. */
const TypedSchema = z
  .string()
  .max(TYPED_LENGTH_MAX)
  .transform((text) => text.replace(/\s/gu, "").toUpperCase());

/** ISO 13616. No message repeats it. */
const IbanSchema = TypedSchema.refine((text) => isValidIBAN(text), {
  abort: true,
  error: "is no IBAN: its length or its check digits are wrong; copy it from the partner's RIB",
}).refine((text) => isSEPACountry(text.slice(0, 2)), {
  error: "is an IBAN of a country outside SEPA, which no payment reaches",
});

/** ISO 9362. */
const BicSchema = TypedSchema.refine(isValidBIC, {
  error: "is no BIC: 8 or 11 characters, copied from the partner's RIB; null where it is not known",
});

export const BankAccountSchema = z.strictObject({
  holder: z.string().trim().min(1).max(HOLDER_LENGTH_MAX),
  iban: IbanSchema,
  bic: BicSchema.nullable(),
});
