// A world of terminals, cards and one gateway in virtual time, with everything that outlives their processes.

import { readFileSync } from "node:fs";
import {
  type Clock,
  type Driver,
  drawKeys,
  loadProgramme,
  memoryDriver,
  type Programme,
  softwareKeys,
} from "@pass-tpe/gateway/parts";
import { parseCardMessage } from "@pass-tpe/protocol/standards";
import type { Fact } from "../../checker/facts.js";
import { type GatewayLife, startGatewayLife } from "./gateway-life.js";
import { Life } from "./life.js";
import type { GatewayDisk } from "./mortal-driver.js";
import { Network } from "./network.js";
import { type Asked, type Exchanged, overhear, requestIn } from "./overhear.js";
import { type Stream, streamOf } from "./random.js";
import { furnish, type Stock, type StockPlan, uidOf } from "./stock.js";
import { type DiskWeather, Platter } from "./terminal-disk.js";
import { startTerminalLife, type TerminalLife, type TerminalLifeOptions } from "./terminal-life.js";
import { Timeline } from "./timeline.js";
import type { Weather } from "./weather.js";
import { type Witness, witnessed } from "./witness.js";

/** When every world begins: a Tuesday morning in the campaign of the checked-in programme. */
export const BEGINS_AT_MS = Date.UTC(2023, 0, 17, 8);

const PROGRAMME_FILE = new URL("../../../../fixtures/programme/2022-2023.json", import.meta.url);

/** No certificate is made in a simulation. */
const NO_AUTHORITY = { certificate: "", privateKey: "" };

let programme: Programme | null = null;
/** The checked-in programme, compiled once. */
export function theProgramme(): Programme {
  programme ??= loadProgramme(JSON.parse(readFileSync(PROGRAMME_FILE, "utf8")));
  return programme;
}

export interface WorldOptions {
  readonly seed: number;
  readonly stock: StockPlan;
  readonly weather: Weather;
  readonly gatewayDisk: GatewayDisk;
  readonly diskWeather: (terminal: string) => DiskWeather;
  /** How far the machine of a terminal, or the gateway's (""), is ahead of the true time, in milliseconds. */
  readonly skewMs: (machine: string) => number;
  /** A request has left its terminal. */
  readonly onLeft: (asked: Asked) => void;
  /** A request has arrived whole at the gateway. */
  readonly onArrived: (asked: Asked) => void;
  readonly onExchanged: (exchanged: Exchanged) => void;
  /** Called when the gateway has stopped by itself. */
  readonly onDoubt: () => void;
  /** Changes a till's ports. */
  readonly wrapTerminal?: ((options: TerminalLifeOptions) => TerminalLifeOptions) | undefined;
  /** In memory by default. */
  readonly makeDriver?: (() => Driver) | undefined;
  /** Stands between the store and what is durable. */
  readonly wrapDriver?: ((driver: Driver) => Driver) | undefined;
  /** Stands between the store of one life and its disk. */
  readonly wrapGatewayDriver?: ((driver: Driver) => Driver) | undefined;
}

export class World {
  readonly timeline = new Timeline();
  readonly stock: Stock;
  readonly network: Network;
  readonly facts: Fact[] = [];
  /** What happened, a line each. */
  readonly trace: string[] = [];
  /** Messages of chips that were presented, by the place of their act: somebody could have recorded them. */
  readonly shown = new Map<number, string>();
  /** What the gateway's processes leave behind. */
  readonly durable: Driver;
  /** Saw what was made durable, and when. */
  readonly witness: Witness;
  readonly #options: WorldOptions;
  readonly #keys: ReturnType<typeof softwareKeys>;
  readonly #gatewayRandom: Stream;
  readonly #platters = new Map<string, Platter>();
  #gateway: GatewayLife | null = null;
  #gatewayLatestMs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { seed, stock, weather } = options;
    const drawn = streamOf(seed, "keys");
    const material = drawKeys(drawn);
    this.#gatewayRandom = streamOf(seed, "gateway");
    this.#keys = softwareKeys({
      file: { ...material, authority: NO_AUTHORITY },
      random: this.#gatewayRandom,
    });
    const made = (options.makeDriver ?? memoryDriver)();
    const seen = witnessed(options.wrapDriver?.(made) ?? made, () => this.nowMs);
    this.durable = seen.driver;
    this.witness = seen.witness;
    this.network = new Network({
      timeline: this.timeline,
      weather,
      overheard: overhear(options),
      left: (terminal, bytes) => {
        const asked = requestIn(terminal, bytes);
        if (asked !== null) options.onLeft(asked);
      },
    });
    this.stock = furnish(stock, {
      keys: this.#keys,
      material,
      unitOf: (avantage) => {
        const known = theProgramme().avantages.get(avantage);
        if (known === undefined) throw new Error(`the programme has no ${avantage}`);
        return known.unit;
      },
      random: (name) => streamOf(seed, name),
      nowMs: BEGINS_AT_MS,
    });
  }

  /** Loads what is there before the first sale. Before the gateway is started. */
  async furnish(): Promise<void> {
    await this.durable.load(this.stock.batch);
  }

  /** The true time, Unix milliseconds. */
  get nowMs(): number {
    return BEGINS_AT_MS + this.timeline.nowMs;
  }

  note(fact: Fact extends infer F ? (F extends Fact ? Omit<F, "atMs"> : never) : never): void {
    this.facts.push({ atMs: this.nowMs, ...fact } as Fact);
    this.say("", JSON.stringify(fact));
  }

  /** Says something for the trace alone. */
  say(who: string, what: string): void {
    this.trace.push(`${this.timeline.nowMs.toFixed(3).padStart(14)} ${who}: ${what}`);
  }

  /** Whose message it is, and which of the chip's. Its chip made it, or it would not be read. */
  readTap(text: string): { readonly card: string; readonly message: number } {
    const { uid, counter } = this.#keys.cards.open(parseCardMessage(text));
    const of = uid === null ? null : Buffer.from(uid).toString("hex");
    const card = this.stock.cards.find((_, index) => uidOf(index).toString("hex") === of);
    if (card === undefined) throw new Error("a message of no card");
    return { card: card.name, message: counter };
  }

  /** The latest instant that the gateway's clock has shown, Unix milliseconds. */
  get gatewayLatestMs(): number {
    return this.#gatewayLatestMs;
  }

  get gatewayIsUp(): boolean {
    return this.#gateway !== null;
  }

  /** Does something after a while, unless the gateway that lives now is dead by then. */
  afterInGateway(delayMs: number, run: () => void): void {
    this.#gateway?.after(delayMs, run);
  }

  startGateway(): void {
    if (this.#gateway !== null) return;
    const { timeline } = this;
    const clock: Clock = {
      nowMs: () => {
        const nowMs = Math.floor(this.nowMs + this.#options.skewMs(""));
        this.#gatewayLatestMs = Math.max(this.#gatewayLatestMs, nowMs);
        return nowMs;
      },
      monotonicMs: () => timeline.nowMs,
    };
    this.#gateway = startGatewayLife({
      timeline,
      durable: this.durable,
      disk: this.#options.gatewayDisk,
      wrapGatewayDriver: this.#options.wrapGatewayDriver,
      keys: this.#keys,
      programme: theProgramme(),
      clock,
      random: this.#gatewayRandom,
      fingerprintOf: (terminal) =>
        this.stock.terminals.find(({ name }) => name === terminal)?.fingerprint ?? "",
      onDoubt: () => {
        this.endGateway("doubt");
        this.#options.onDoubt();
      },
    });
    this.network.openDoor(this.#gateway.door);
    this.note({ type: "gatewayStarted", readyAfterMs: 0 });
  }

  /** Ends the gateway as `kill -9` does, or because it has stopped by itself. */
  endGateway(why: "killed" | "doubt"): void {
    const gateway = this.#gateway;
    if (gateway === null) return;
    this.#gateway = null;
    gateway.kill();
    this.network.openDoor(null);
    this.note({ type: "gatewayDied", why });
  }

  /** Starts the process of a till on what its machine has kept. */
  startTerminal(name: string): { readonly life: Life; readonly opened: Promise<TerminalLife> } {
    const { seed, diskWeather, skewMs } = this.#options;
    const at = this.stock.terminals.find((terminal) => terminal.name === name);
    if (at === undefined) throw new Error(`there is no ${name}`);
    const platter = this.#platters.get(name) ?? new Platter();
    this.#platters.set(name, platter);
    const life = new Life(this.timeline);
    this.note({ type: "terminalStarted", terminal: name });
    life.atEnd(() => this.note({ type: "terminalDied", terminal: name }));
    const options: TerminalLifeOptions = {
      timeline: this.timeline,
      name,
      network: this.network,
      platter,
      diskWeather: diskWeather(name),
      pad: at.pad,
      nowMs: () => Math.floor(this.nowMs + skewMs(name)),
      random: streamOf(seed, `${name} from ${this.timeline.nowMs}`),
    };
    const { wrapTerminal = (it) => it } = this.#options;
    return { life, opened: startTerminalLife(wrapTerminal(options), life) };
  }
}
