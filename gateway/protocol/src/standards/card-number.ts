// The 16-digit number of a Pass'Région card.

/** Digits of a card number, its check digit included. */
export const CARD_NUMBER_DIGITS = 16;

const CARD_NUMBER_TEXT = /^[0-9]{16}$/;
const PAYLOAD_TEXT = /^[0-9]{15}$/;
const SHOWN_DIGITS = 4;

/** Whether a text is 16 digits, the last of which is the check digit of the others. */
export function isCardNumber(text: string): boolean {
  return CARD_NUMBER_TEXT.test(text) && luhnSum(text) % 10 === 0;
}

/**
 * Fifteen digits with their check digit.
 *
 * @throws RangeError when the text is not 15 digits.
 * Source: ISO/IEC 7812-1 annex B (Luhn).
 */
export function withLuhn(fifteenDigits: string): string {
  if (!PAYLOAD_TEXT.test(fifteenDigits)) {
    throw new RangeError("card number: the caller must pass 15 digits without the check digit");
  }
  const checkDigit = (10 - (luhnSum(`${fifteenDigits}0`) % 10)) % 10;
  return `${fifteenDigits}${checkDigit}`;
}

/** The last four characters, the only ones a screen, ticket or log may show. */
export function lastFour(text: string): string {
  return text.slice(-SHOWN_DIGITS);
}

/** Every second digit from the right is doubled and its two digits added. */
function luhnSum(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}
