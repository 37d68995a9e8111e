// The readers of cards that the SDK brings, and what is needed to write another.

export { type ImageQrReaderOptions, imageQrReader } from "./image-qr.js";
export { type KeyedEntry, keyedEntry } from "./keyed.js";
export { type PcscReaderOptions, pcscReader } from "./pcsc.js";
export {
  type Arming,
  createPresentationGate,
  type PresentationGate,
} from "./presentation-gate.js";
export { decodeQrFrame, FRAME_PIXELS_MAX } from "./qr-frame.js";
export type { LuminanceFrame } from "./qr-views.js";
export {
  CARD_READ_DEADLINE_MS,
  type CardReading,
  type ReadCardOptions,
  readCard,
  type Transmit,
} from "./read-card.js";
export * from "./reader.js";
export { SCAN_LINE_BYTES_MAX } from "./scan-line-clock.js";
export { type SerialQrReaderOptions, serialQrReader } from "./serial-qr.js";
