// The public face of the formats that both ends must agree on byte for byte.
export * from "./activation-code.js";
export { type BlockCipher, prepareAes } from "./aes.js";
export * from "./an10922.js";
export * from "./base32.js";
export * from "./bytes.js";
export * from "./card-message.js";
export * from "./card-number.js";
export * from "./cmac.js";
export * from "./dukpt.js";
export * from "./dukpt-registers.js";
export * from "./ed25519.js";
export * from "./ndef.js";
export * from "./pin-block.js";
export * from "./qr-token.js";
export * from "./scan-line.js";
export * from "./sdm.js";
export * from "./step-up-number.js";
