import { THIRTY } from "./check-story.ts";
import { untilOver } from "./until-over.ts";
import type { World } from "./world.ts";

/** No run may take longer to its next end than this, whatever is killed meanwhile: long, because blows follow each other for a minute. */
const END_MS = 150_000;

/** A user who has one run after another, and restarts each that ends without success. */
export class Driver {
  readonly #world: World;
  readonly #name: string;
  readonly #paceMs: number;
  /** Runs whose creation was acknowledged. */
  readonly ids: string[] = [];
  restarts = 0;
  #finishing = false;

  constructor(world: World, name: string, paceMs: number) {
    this.#world = world;
    this.#name = name;
    this.#paceMs = paceMs;
  }

  /** Lets the run in hand end, and begins no other. */
  finish(): void {
    this.#finishing = true;
  }

  /** @throws Error naming the run that did not end. */
  async drive(): Promise<void> {
    while (!this.#finishing) {
      const parameters = { effects: this.#world.effectsFile, paceMs: this.#paceMs };
      const id = await this.#world.operator.createRun(THIRTY.flow, parameters, `${this.#name}-${this.ids.length}`);
      this.ids.push(id);
      await this.#toSuccess(id);
    }
  }

  async #toSuccess(id: string): Promise<void> {
    for (;;) {
      const state = await untilOver(this.#world, id, END_MS);
      if (state === undefined) throw new Error(`run ${id} did not end within ${END_MS / 1000} s`);
      if (state === "Success") return;
      this.restarts += 1;
      await this.#world.operator.restartRun(id);
    }
  }
}
