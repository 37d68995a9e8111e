// Reads the transfers back out of a payment file: what the bank was asked for, whatever the books say of it by now.

import type { Element } from "@xmldom/xmldom";
import type { Transfer } from "../../core/settlement/transfer.js";
import { slicesOf } from "./field-slices.js";
import { PAYMENT_NAMESPACE } from "./payment-file.js";
import { paymentOfEndToEndId } from "./payment-ids.js";
import { elementsAt, parseXml, textAt } from "./xml.js";

const AMOUNT = /^\d{1,13}\.\d{2}$/;

/** The transfers of a payment file, in its order; null where it is no file that this program writes. */
export function readTransfers(file: Uint8Array): readonly Transfer[] | null {
  const transfers: Transfer[] = [];
  for (const slice of slicesOf(new TextDecoder().decode(file))) {
    const parsed = parseXml(slice);
    if (parsed.type === "refused" || parsed.root.namespaceURI !== PAYMENT_NAMESPACE) return null;
    for (const element of elementsAt(parsed.root, "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf")) {
      const transfer = transferOf(element);
      if (transfer === null) return null;
      transfers.push(transfer);
    }
  }
  return transfers;
}

function transferOf(element: Element): Transfer | null {
  const place = paymentOfEndToEndId(textAt(element, "PmtId/EndToEndId") ?? "");
  const amount = textAt(element, "Amt/InstdAmt") ?? "";
  const currency = elementsAt(element, "Amt/InstdAmt")[0]?.getAttribute("Ccy");
  const iban = textAt(element, "CdtrAcct/Id/IBAN");
  if (!place || !AMOUNT.test(amount) || currency !== "EUR" || iban === null) return null;
  const bic = textAt(element, "CdtrAgt/FinInstnId/BICFI");
  return { ...place, iban, bic, amountCents: Number(amount.replace(".", "")) };
}
