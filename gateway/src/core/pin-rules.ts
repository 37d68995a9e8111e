// Which four digits may be a code secret: neither what anybody tries first, nor what a birth date makes (T-16).

/** « Le code secret est composé de 4 chiffres ». */
const PIN_PATTERN = /^[0-9]{4}$/;

/** Why a PIN is refused. `form`: it is not four digits. `same`: the card has it already, as only the key store can tell. */
export type PinFault = "form" | "repeat" | "run" | "birthDay" | "same";

/**
 * Why a PIN is refused, or null where it may be used by a card that has another.
 *
 * A run goes through 9 and 0 as well: 7890 and 0987 lie on the keyboard as 1234 does. With repeats that is 30 of ten
 * thousand.
 *
 * @param isOfBirthDay whether the holder's birth date makes it: « la date de naissance précédemment utilisée ».
 */
export function pinFault(
  pin: string,
  isOfBirthDay: (pin: string) => boolean,
): Exclude<PinFault, "same"> | null {
  if (!PIN_PATTERN.test(pin)) return "form";
  const steps = stepsOf(pin);
  if (steps.every((step) => step === 0)) return "repeat";
  if (steps.every((step) => step === 1) || steps.every((step) => step === 9)) return "run";
  return isOfBirthDay(pin) ? "birthDay" : null;
}

/** From each digit to the next, modulo ten. */
function stepsOf(pin: string): readonly number[] {
  const digits = [...pin].map(Number);
  return digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10);
}

/** The most PINs that a birth date makes. */
export const BIRTH_DAY_PINS_MAX = 9;

/**
 * Every PIN that a birth date makes, each once: day, month and short year by twos in any order, the whole year, and
 * day and month of one digit around the short year.
 *
 * @param day Gregorian date, `YYYY-MM-DD`.
 */
export function pinsOfBirthDay(day: string): readonly string[] {
  const [year = "", mm = "", dd = ""] = day.split("-");
  const yy = year.slice(2);
  const pairs = [dd + mm, mm + dd, dd + yy, yy + dd, mm + yy, yy + mm];
  const [d, m] = [String(Number(dd)), String(Number(mm))];
  const short = [d + m + yy, yy + m + d].filter((pin) => PIN_PATTERN.test(pin));
  return [...new Set([...pairs, year, ...short])];
}
