/** Sees a PIN in a text, and not the digits of a time or an id that happen to read the same. */

/**
 * Tells whether a PIN stands in a text by itself: no digit of a longer number, of a fraction, or of an identifier.
 * @param text what a till, a log or an event was given
 * @param pin its digits
 */
export function showsPin(text: string, pin: string): boolean {
  return new RegExp(`(?<![\\da-f.-])${pin}(?![\\da-f-])`, "i").test(text);
}
