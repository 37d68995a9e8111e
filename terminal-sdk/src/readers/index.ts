// The readers of cards that the SDK brings, and what is needed to write another.

export { type ImageQrReaderOptions, imageQrReader } from "./image-qr.js";
export { type KeyedEntry, keyedEntry } from "./keyed.js";
export { type PcscReaderOptions, pcscReader } from "./pcsc.js";
export {
  type Arming,
  createPresentationGate,
  type PresentationGate,
} from "./presentation-gate.js";
export { decodeQrFrame } from "./qr-frame.js";
export type { LuminanceFrame } from "./qr-views.js";
export { type ReadCardOptions, readCard } from "./read-card.js";
export * from "./reader.js";
export { type SerialQrReaderOptions, serialQrReader } from "./serial-qr.js";
