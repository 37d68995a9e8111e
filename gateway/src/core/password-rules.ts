// Which passwords are too easy: the numéro de dossier stands on the card, so the password is the only secret.

const CHARACTERS_MIN = 12;
const CHARACTERS_MAX = 128;

/** Why a password is refused. */
export type PasswordFault = "short" | "long" | "dossier" | "repeat" | "run" | "common";

const STANDS_FOR: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "@": "a",
  $: "s",
};

/** What French pupils choose first, and who guesses tries first. Few: a long password around none of them is fine. */
const COMMON_PARTS = [
  "motdepasse",
  "password",
  "passregion",
  "rhonealpes",
  "azerty",
  "qwerty",
  "qsdfgh",
  "wxcvbn",
  "abcdef",
  "12345",
  "54321",
  "jetaime",
  "iloveyou",
  "doudou",
  "loulou",
  "chouchou",
].map(lettersOf);

/** The one spelling of a password that is checked and hashed: keyboards write the same letter differently. */
export function plainPassword(password: string): string {
  return password.normalize("NFKC");
}

/** Why a password is refused, or null where it may be used. No kind of character is asked for: length counts. */
export function passwordFault(password: string, dossier: string): PasswordFault | null {
  const plain = plainPassword(password);
  const points = [...plain].map((character) => character.codePointAt(0) ?? 0);
  if (points.length < CHARACTERS_MIN) return "short";
  if (points.length > CHARACTERS_MAX) return "long";
  if (plain.toUpperCase().includes(dossier.toUpperCase())) return "dossier";
  if (points.every((point) => point === points[0])) return "repeat";
  if (isRun(points)) return "run";
  const letters = lettersOf(plain);
  return COMMON_PARTS.some((part) => letters.includes(part)) ? "common" : null;
}

/** A text as who guesses takes it: without case, accents, blanks and signs, and signs that stand for letters as those. */
function lettersOf(text: string): string {
  const letters = text.toLowerCase().replace(/[01345@$]/g, (sign) => STANDS_FOR[sign] ?? sign);
  return letters.normalize("NFKD").replace(/[^a-z0-9]/g, "");
}

/** Each character the next after the one before it, or each the one before; digits go on after 9 with 0. */
function isRun(points: readonly number[]): boolean {
  const steps = points.slice(1).map((point, index) => stepBetween(points[index] ?? 0, point));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

const [ZERO, NINE] = [0x30, 0x39];

function stepBetween(from: number, to: number): number {
  if (from === NINE && to === ZERO) return 1;
  if (from === ZERO && to === NINE) return -1;
  return to - from;
}
