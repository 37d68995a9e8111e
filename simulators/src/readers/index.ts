// Readers as software: direct, on the real PC/SC service, and on a pseudo-terminal.

export {
  type SimulatedReader,
  type SimulatedReaderOptions,
  simulatedReader,
} from "./direct-reader.js";
export { type PcscService, startPcscd, startPcscdWith } from "./pcscd.js";
export { openSerialScanner, type ScanOptions, type SerialScanner } from "./serial-scanner.js";
export { VPCD_PORT, type VpcdReader, vpcdReader } from "./vpcd.js";
