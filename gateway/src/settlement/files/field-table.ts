// The table of field checks: every rule that a payment file of this project keeps, and where the rule comes from.

import { isSEPACountry, isValidBIC, isValidIBAN } from "ibantools";
import {
  compared,
  DECIMAL,
  type FieldCheck,
  onlyText,
  parts,
  sumOf,
  type Tally,
  TRANSFER,
  text,
  totalled,
  unique,
} from "./field-check.js";
import { NAME_LENGTH_MAX, REMITTANCE_LENGTH_MAX } from "./payment-file.js";
import { messageIdOf, paymentOfEndToEndId, settlementOfMessageId } from "./payment-ids.js";
import { isSepaReference, isSepaText } from "./sepa-text.js";
import { isTargetDay, nextTargetDay } from "./target-days.js";

const EPC = "EPC132-08, customer to bank, 2023";
const CHARACTERS = "EPC132-08, character set";
const ISO = "ISO 20022, pain.001.001.09";
const OURS = "this project";

const STRUCTURE: readonly FieldCheck[] = [
  parts("", "GrpHdr PmtInf", OURS),
  parts("GrpHdr", "MsgId CreDtTm NbOfTxs CtrlSum InitgPty", EPC),
  parts("GrpHdr/InitgPty", "Nm", OURS),
  parts(
    "PmtInf",
    "PmtInfId PmtMtd BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt Dbtr DbtrAcct DbtrAgt ChrgBr CdtTrfTxInf+",
    EPC,
  ),
  parts("PmtInf/PmtTpInf", "SvcLvl", OURS),
  parts("PmtInf/PmtTpInf/SvcLvl", "Cd", EPC),
  parts("PmtInf/ReqdExctnDt", "Dt", EPC),
  parts("PmtInf/Dbtr", "Nm", OURS),
  parts("PmtInf/DbtrAcct", "Id", OURS),
  parts("PmtInf/DbtrAcct/Id", "IBAN", EPC),
  parts("PmtInf/DbtrAgt", "FinInstnId", EPC),
  parts("PmtInf/DbtrAgt/FinInstnId", "BICFI|Othr", EPC),
  parts("PmtInf/DbtrAgt/FinInstnId/Othr", "Id", EPC),
  parts(TRANSFER, "PmtId Amt CdtrAgt? Cdtr CdtrAcct RmtInf", EPC),
  parts(`${TRANSFER}/PmtId`, "EndToEndId", OURS),
  parts(`${TRANSFER}/Amt`, "InstdAmt", EPC),
  parts(`${TRANSFER}/CdtrAgt`, "FinInstnId", EPC),
  parts(`${TRANSFER}/CdtrAgt/FinInstnId`, "BICFI", EPC),
  parts(`${TRANSFER}/Cdtr`, "Nm", OURS),
  parts(`${TRANSFER}/CdtrAcct`, "Id", OURS),
  parts(`${TRANSFER}/CdtrAcct/Id`, "IBAN", EPC),
  parts(`${TRANSFER}/RmtInf`, "Ustrd", EPC),
];

const REFERENCE = "be 1 to 35 SEPA characters, without a slash at an end or two in a row";

const REFERENCES: readonly FieldCheck[] = [
  text("GrpHdr/MsgId", REFERENCE, CHARACTERS, isSepaReference),
  text("GrpHdr/MsgId", "name its settlement", OURS, (id) => settlementOfMessageId(id) !== null),
  text("PmtInf/PmtInfId", REFERENCE, CHARACTERS, isSepaReference),
  text(`${TRANSFER}/PmtId/EndToEndId`, REFERENCE, CHARACTERS, isSepaReference),
  compared(
    `${TRANSFER}/PmtId/EndToEndId`,
    "name the message and the payment, so that a return finds it",
    OURS,
    (id, slice) => {
      const place = paymentOfEndToEndId(id);
      return place !== null && messageIdOf(place.settlement) === onlyText(slice, "GrpHdr/MsgId");
    },
  ),
  unique(`${TRANSFER}/PmtId/EndToEndId`, OURS),
];

const countOf = ({ transfers }: Tally) => String(transfers);

const FIGURES: readonly FieldCheck[] = [
  totalled("GrpHdr/NbOfTxs", "count the transfers of the message", ISO, countOf),
  totalled("GrpHdr/CtrlSum", "be the sum of the message's transfers", EPC, sumOf),
  totalled("PmtInf/NbOfTxs", "count the transfers of the batch", EPC, countOf),
  totalled("PmtInf/CtrlSum", "be the sum of the batch's transfers", EPC, sumOf),
  text(`${TRANSFER}/Amt/InstdAmt`, "have two decimals", EPC, (amount) => DECIMAL.test(amount)),
  text(
    `${TRANSFER}/Amt/InstdAmt`,
    "be between 0.01 and 999999999.99",
    EPC,
    (amount) => /[1-9]/.test(amount) && /^\d{1,9}\./.test(amount),
  ),
  text(
    `${TRANSFER}/Amt/InstdAmt`,
    "be in EUR",
    EPC,
    (_, element) => element.getAttribute("Ccy") === "EUR",
  ),
];

const DATES: readonly FieldCheck[] = [
  text("GrpHdr/CreDtTm", "be an instant in UTC", ISO, isInstant),
  text("PmtInf/ReqdExctnDt/Dt", "be a date YYYY-MM-DD", ISO, isDay),
  text(
    "PmtInf/ReqdExctnDt/Dt",
    "be a day on which TARGET is open",
    "SCT rulebook, business days",
    (day) => isDay(day) && isTargetDay(day),
  ),
  compared(
    "PmtInf/ReqdExctnDt/Dt",
    "be the first TARGET day after the creation",
    OURS,
    (day, slice) => {
      const createdAt = onlyText(slice, "GrpHdr/CreDtTm") ?? "";
      return isInstant(createdAt) && day === nextTargetDay(Date.parse(createdAt));
    },
  ),
];

/** Rules that each of these paths keeps. */
function names(path: string): readonly FieldCheck[] {
  return [
    text(path, `be 1 to ${NAME_LENGTH_MAX} characters`, EPC, fits(NAME_LENGTH_MAX)),
    text(path, "be in the SEPA character set", CHARACTERS, isSepaText),
  ];
}

function accounts(path: string): readonly FieldCheck[] {
  return [
    text(path, "be an IBAN whose check digits are right", "ISO 13616", (iban) => isValidIBAN(iban)),
    text(path, "be of a country of the SEPA", "SCT rulebook, scope", (iban) =>
      isSEPACountry(iban.slice(0, 2)),
    ),
  ];
}

/** The library takes small letters as well; the schema does not. */
const isBic = (bic: string) => isValidBIC(bic) && bic === bic.toUpperCase();
const isOneOf =
  (...words: readonly string[]) =>
  (word: string) =>
    words.includes(word);

const PARTIES: readonly FieldCheck[] = [
  ...names("GrpHdr/InitgPty/Nm"),
  ...names("PmtInf/Dbtr/Nm"),
  ...accounts("PmtInf/DbtrAcct/Id/IBAN"),
  text("PmtInf/DbtrAgt/FinInstnId/BICFI", "be a BIC", "ISO 9362", isBic),
  text("PmtInf/DbtrAgt/FinInstnId/Othr/Id", "be NOTPROVIDED", EPC, isOneOf("NOTPROVIDED")),
  ...names(`${TRANSFER}/Cdtr/Nm`),
  ...accounts(`${TRANSFER}/CdtrAcct/Id/IBAN`),
  text(`${TRANSFER}/CdtrAgt/FinInstnId/BICFI`, "be a BIC", "ISO 9362", isBic),
];

const TERMS: readonly FieldCheck[] = [
  text("PmtInf/PmtMtd", "be TRF", EPC, isOneOf("TRF")),
  text("PmtInf/BtchBookg", "be true or false", ISO, isOneOf("true", "false")),
  text("PmtInf/PmtTpInf/SvcLvl/Cd", "be SEPA", EPC, isOneOf("SEPA")),
  text("PmtInf/ChrgBr", "be SLEV", EPC, isOneOf("SLEV")),
  text(
    `${TRANSFER}/RmtInf/Ustrd`,
    `be 1 to ${REMITTANCE_LENGTH_MAX} characters`,
    EPC,
    fits(REMITTANCE_LENGTH_MAX),
  ),
  text(`${TRANSFER}/RmtInf/Ustrd`, "be in the SEPA character set", CHARACTERS, isSepaText),
];

export const FIELD_CHECKS: readonly FieldCheck[] = [
  ...STRUCTURE,
  ...REFERENCES,
  ...FIGURES,
  ...DATES,
  ...PARTIES,
  ...TERMS,
];

function fits(lengthMax: number): (text: string) => boolean {
  return (text) => text.trim() !== "" && text.length <= lengthMax;
}

function isInstant(text: string): boolean {
  const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
  return shape.test(text) && isSameWhenRead(text, text);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isSameWhenRead(text, `${text}T00:00:00.000Z`);
}

/** `Date` takes 30 February for 2 March: only what comes back as it was is a date. */
function isSameWhenRead(text: string, instant: string): boolean {
  const ms = Date.parse(instant);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
