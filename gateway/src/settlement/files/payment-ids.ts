// The names that a payment file gives to itself and to its payments, and how a bank's answer is traced by them.

/** Sets the programme's files apart from others that the same bank reports on. */
const PREFIX = "PASSREGION";
const MESSAGE_ID = new RegExp(`^${PREFIX}-(\\d{4}-\\d{2}-\\d{2})$`);
const END_TO_END_ID = new RegExp(`^${PREFIX}-(\\d{4}-\\d{2}-\\d{2})-([1-9]\\d{0,8})$`);

/** A payment's place: its settlement, by its last day `YYYY-MM-DD`, and its number there, from 1. */
interface PaymentPlace {
  readonly settlement: string;
  readonly no: number;
}

/** The name of a settlement's message, and of its one batch: the same whenever it is asked for. */
export function messageIdOf(settlement: string): string {
  return `${PREFIX}-${settlement}`;
}

/** The reference that stays with one payment to the payee and back; at most 31 characters. */
export function endToEndIdOf({ settlement, no }: PaymentPlace): string {
  return `${messageIdOf(settlement)}-${no}`;
}

/** The settlement that a message is of; null where the message is not ours. */
export function settlementOfMessageId(messageId: string): string | null {
  return MESSAGE_ID.exec(messageId)?.[1] ?? null;
}

/** The payment that a reference is of; null where the reference is not ours. */
export function paymentOfEndToEndId(endToEndId: string): PaymentPlace | null {
  const [, settlement, no] = END_TO_END_ID.exec(endToEndId) ?? [];
  return settlement === undefined ? null : { settlement, no: Number(no) };
}
