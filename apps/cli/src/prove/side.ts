import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { type Cloud, openCloud } from "../connection/cloud.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { agentProgram } from "../processes/find-main.ts";
import { Forked } from "../processes/forked.ts";
import { type Canary, makeCanaries } from "./canaries.ts";
import type { Keys } from "./keys.ts";
import type { Part } from "./parts.ts";
import type { ProofPolicy } from "./policies.ts";
import { Recorder } from "./recorder.ts";
import { type Ended, runProgram } from "./run-program.ts";
import { layOut, type Scratch } from "./scratch.ts";
import type { Holding } from "./search.ts";

/** What a user's side is made with. */
export interface SideOptions {
  /** Unique in the proof: name of its folder, project and agent. */
  readonly name: string;
  readonly policy: ProofPolicy;
  readonly cloudUrl: string;
  readonly keys: Keys;
  /** What the cloud signs with: it is looked for with the side's own canaries. */
  readonly cloudSecret: string;
  /** Below it, everything of this side lies. */
  readonly directory: string;
  /** Added to the environment of its programs: how a test takes a step of the gate out. */
  readonly env: Readonly<Record<string, string>>;
}

/** Secrets that the scenario asks for by name: nothing in these names says that they are any. */
const HIDDEN = [
  "secretLog",
  "secretStdout",
  "secretLines",
  "secretChunks",
  "secretFolded",
  "secretCut",
  "secretArtifact",
  "secretRunName",
  "secretMessage",
  "secretCause",
  "secretAggregate",
] as const;

/** One user's side with a policy of its own: an agent, command lines, and the recorder through which they reach the cloud. */
export class Side {
  readonly name: string;
  readonly policy: ProofPolicy;
  readonly canaries: Readonly<Record<string, Canary>>;
  readonly recorder: Recorder;
  readonly scratch: Scratch;
  /** The run of each part that was begun. */
  readonly runs = new Map<Part, string>();
  readonly #io: Io;
  readonly #o: SideOptions;
  #url = "";
  #agent: Forked | null = null;
  #cloud: Cloud | null = null;

  constructor(io: Io, o: SideOptions) {
    this.#io = io;
    this.#o = o;
    this.name = o.name;
    this.policy = o.policy;
    const canaries = makeCanaries();
    if (o.policy.actionFor("parameter") === "drop")
      canaries["scheduleParameter"] = { id: "scheduleParameter", text: "", cores: [] };
    const keys = { id: "accessKeys", text: "", cores: [o.keys.userKey, o.keys.agentKey, o.cloudSecret] };
    this.canaries = { ...canaries, accessKeys: keys };
    this.recorder = new Recorder(o.cloudUrl);
    mkdirSync(o.directory, { recursive: true, mode: 0o700 });
    this.scratch = layOut(o.directory, this.canaries);
  }

  get project(): string {
    return `proof-${this.name}`;
  }

  /** Asks the cloud as a client does, through the recorder. */
  get cloud(): Cloud {
    if (this.#cloud === null) throw new Error("The side is not started yet.");
    return this.#cloud;
  }

  async start(): Promise<void> {
    this.#url = await this.recorder.listen();
    const { userKey: key, agentKey } = this.#o.keys;
    // No program of the side is told where the cloud really is: there is no other way to it than through the recorder.
    const keys = { url: this.#url, userKey: key, agentKey };
    writeFileSync(join(this.#o.directory, "keys.json"), JSON.stringify(keys), { mode: 0o600 });
    this.#cloud = openCloud({ ...this.#io, env: {}, err: () => {} }, { url: this.#url, key, source: "the proof" });
    await this.startAgent();
  }

  async startAgent(): Promise<void> {
    const agent = new Forked({
      what: `agent of ${this.name}`,
      main: agentProgram(),
      env: this.#agentEnv(),
      logFile: join(this.#o.directory, "agent.log"),
      ready: "enrolled",
    });
    this.#agent = agent;
    await agent.ready(this.#io.interrupted);
  }

  /** As a power cut does: nothing is flushed, no lease is given back. */
  async killAgent(): Promise<void> {
    this.#agent?.signal("SIGKILL");
    await this.#agent?.ended;
  }

  /** Runs `weir …` as a person would, as a process of its own; gives its --json document. @throws CliError when it fails */
  async weir<T>(args: readonly string[]): Promise<T> {
    const ended = await this.tryWeir(args);
    if (ended.code === 0) return JSON.parse(ended.out) as T;
    const message = `\`weir ${args.join(" ")}\` ended with exit code ${ended.code}: ${ended.err.trim().split("\n").at(-1)}`;
    throw new CliError(EXIT.failed, "PROOF_BROKEN", `${message} (policy ${this.policy.name})`);
  }

  /** The same, however it ends. */
  async tryWeir(args: readonly string[]): Promise<Ended> {
    const file = join(dirname(import.meta.dirname), `main${extname(import.meta.filename)}`);
    const { interrupted: signal } = this.#io;
    return await runProgram({ file, args: [...args, "--json"], env: this.#userEnv(), cwd: this.scratch.code, signal });
  }

  /** Waits until something holds. @throws CliError when it does not within a minute */
  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const latest = performance.now() + 60_000;
    while (!(await holds())) {
      if (performance.now() > latest)
        throw new CliError(
          EXIT.failed,
          "PROOF_BROKEN",
          `After a minute it still did not happen that ${what} (policy ${this.policy.name}).`,
        );
      await sleep(100, undefined, { signal: this.#io.interrupted });
    }
  }

  async stop(): Promise<void> {
    await this.#agent?.stop();
    await this.#cloud?.close();
    await this.recorder.close();
  }

  /** All that is to be looked for: what was planted, and the tokens that the cloud gave. */
  sought(): Canary[] {
    const tokens = { id: "tokens", text: "", cores: this.recorder.signaturesOfTokens() };
    return Object.values({ ...this.canaries, tokens });
  }

  holdings(): Holding[] {
    return this.recorder.holdings();
  }

  /** What the user's side keeps for itself: which pseudonym stands for what, and errors of which only an id leaves. */
  kept(): Buffer {
    const files = readdirSync(this.scratch.agent, { recursive: true, withFileTypes: true });
    // Not the journal: all of a run stands in it.
    const own = files.filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"));
    return Buffer.concat(own.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
  }

  #baseEnv(): Record<string, string> {
    const { PATH = "", LANG = "C.UTF-8" } = this.#io.env;
    return {
      PATH,
      LANG,
      HOME: this.#o.directory,
      WEIR_API_URL: this.#url,
      ...this.policy.env,
      ...this.#o.env,
    };
  }

  #userEnv(): Record<string, string> {
    return { ...this.#baseEnv(), WEIR_API_KEY_FILE: join(this.#o.directory, "keys.json") };
  }

  #agentEnv(): Record<string, string> {
    const text = (id: string): string => this.canaries[id]?.text ?? "";
    const hidden = HIDDEN.map((id) => [id.replace("secret", "HIDDEN_").toUpperCase(), text(id)] as const);
    const passed = {
      PROOF_VARIABLE: text("flowVariable"),
      PROOF_TOKEN: text("secretVariable"),
      PROOF_DATABASE: `postgres://proof:${text("secretUrl")}@database.example/proof`,
      ...Object.fromEntries(hidden),
    };
    return {
      ...this.#baseEnv(),
      ...passed,
      PROOF_OF_AGENT: text("agentVariable"),
      WEIR_AGENT_KEY_FILE: join(this.#o.directory, "keys.json"),
      WEIR_AGENT_NAME: this.name,
      WEIR_AGENT_PROJECTS: this.project,
      WEIR_AGENT_DIRECTORY: this.scratch.agent,
      WEIR_AGENT_RESULTS_DIRECTORY: this.scratch.results,
      WEIR_AGENT_PASS_ENV: Object.keys(passed).join(","),
      WEIR_AGENT_DRAIN_SECONDS: "1",
    };
  }
}
