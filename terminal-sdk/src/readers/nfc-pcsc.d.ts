// nfc-pcsc ships no types: what it exports is checked where it is loaded, see pcsc-binding.ts.
declare module "nfc-pcsc" {
  export const NFC: unknown;
}
