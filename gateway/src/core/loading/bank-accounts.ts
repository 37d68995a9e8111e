// The account on which a partner is paid: its number is checked where it comes in, and never told in clear.

import type { BankAccount } from "../settlement/model.js";
import type { PartnerCase } from "./case.js";
import type { Loaded } from "./loaded.js";
import { isRefused, partnerOf, settled } from "./results.js";

/** A payment that is made already keeps the account that it was made to. */
export function saveBankAccount(input: PartnerCase<"bankAccount.saved">): Loaded {
  const { event, file } = input;
  const { account } = event;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const { bank: before } = file;
  if (before !== null && isSame(before, account)) return settled([]);
  const notes = before === null ? [] : [changeOf(before, account)];
  return settled([{ type: "putBankAccount", partnerId: partner.id, account }], notes);
}

function isSame(a: BankAccount, b: BankAccount): boolean {
  return a.iban === b.iban && a.bic === b.bic && a.holder === b.holder;
}

/** Whoever reviews must see that money goes elsewhere from now on. */
function changeOf(before: BankAccount, account: BankAccount): string {
  const to = lastFourOf(account);
  return before.iban === account.iban
    ? `account changed: the one that ends in ${to} has another holder or BIC`
    : `account changed: from the one that ends in ${lastFourOf(before)} to the one that ends in ${to}`;
}

const lastFourOf = ({ iban }: BankAccount): string => iban.slice(-4);
