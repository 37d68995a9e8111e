// The part of serialport 13 that is used, and its loading when a till asks for it.

import { loadOptionalPackage } from "./optional-package.js";

/** An open serial port. */
export interface Port {
  readonly isOpen: boolean;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "close" | "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
}

export type MakePort = (options: { path: string; baudRate: number }) => Port;

/**
 * Loads serialport.
 *
 * @throws ReaderSetupError when it is not installed.
 */
export async function loadSerialPort(): Promise<MakePort> {
  const { SerialPort } = await loadOptionalPackage(
    () => import("serialport"),
    "npm install serialport@13",
  );
  return ({ path, baudRate }) => new SerialPort({ path, baudRate, autoOpen: false });
}
