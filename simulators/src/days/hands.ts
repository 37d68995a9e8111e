// What the faults of a plan act through, and what they answer the world's ports.

import type { GatewayDisk } from "./world/mortal-driver.js";
import type { DiskWeather } from "./world/terminal-disk.js";
import type { Weather } from "./world/weather.js";

/** How a fault reaches into the world. Whatever died is started again after `downMs`. */
export interface Hands {
  /** Milliseconds since the world began. */
  nowMs(): number;
  after(delayMs: number, run: () => void): void;
  /** Does something after a while if the gateway that lives now lives then. */
  afterInGateway(delayMs: number, run: () => void): void;
  /** Whether there was one to kill. */
  killGateway(downMs: number): boolean;
  /** Whether there was one to kill. @param terminal its place. */
  killTerminal(terminal: number, downMs: number): boolean;
  /** For the trace. */
  say(what: string): void;
}

/** The faults of one plan, as the ports of a world ask for them. */
export interface Faultiness {
  readonly weather: Weather;
  readonly gatewayDisk: GatewayDisk;
  diskWeather(terminal: string): DiskWeather;
  /** How far the clock of a machine is ahead now, in milliseconds; the gateway's is "". */
  skewMs(machine: string): number;
  /** How long a gateway that stopped by itself stays down, in milliseconds. */
  downAfterDoubtMs(): number;
  /** Plans what happens at an instant. Called once, when the world begins. */
  begin(): void;
}
