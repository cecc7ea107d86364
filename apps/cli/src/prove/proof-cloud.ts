import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { cloudProgram } from "../processes/find-main.ts";
import { Forked } from "../processes/forked.ts";
import { type Keys, printedKeys, readKeys } from "./keys.ts";
import { runIntoFile, runProgram } from "./run-program.ts";
import type { Holding } from "./search.ts";

/** Where the cloud of a proof keeps its data: a Postgres of its own, or one of the user's. */
export type Database = { readonly kind: "embedded" } | { readonly kind: "given"; readonly url: string };

/** Files of the cloud's that hold nothing but keys. */
const [KEYS, SECRET] = ["keys.json", "cloud-secret"] as const;

/** The cloud of a proof: a process, and everything that it leaves behind. */
export class ProofCloud {
  readonly #io: Io;
  readonly #directory: string;
  readonly #database: Database;
  #process: Forked | null = null;

  /** @param directory made here; everything that the cloud writes to disk lies below it, unless the database is the user's own */
  constructor(io: Io, directory: string, database: Database) {
    this.#io = io;
    this.#directory = directory;
    this.#database = database;
  }

  /** Starts it. @throws CliError when it does not come up */
  async start(): Promise<{ url: string; keys: Keys; secret: string }> {
    mkdirSync(this.#directory, { recursive: true });
    // Root lends Postgres another user, who must be able to enter. What is secret here is readable by its owner alone.
    chmodSync(this.#directory, 0o755);
    if (this.#database.kind === "given") {
      writeFileSync(this.#secretFile, randomBytes(48).toString("base64url"), { mode: 0o600 });
      writeFileSync(this.#urlFile, this.#database.url, { mode: 0o600 });
    }
    const cloud = new Forked({
      what: "cloud",
      main: cloudProgram("main", this.#io.cwd),
      env: { ...this.#env(), WEIR_CLOUD_PORT: "0", WEIR_RECOVERY_BACKOFF_SECONDS: "0.1", WEIR_LOG_LEVEL: "trace" },
      logFile: this.#logFile,
      ready: "listening",
    });
    this.#process = cloud;
    const { url } = (await cloud.ready(this.#io.interrupted)) as { url: string };
    return { url, keys: await this.#keys(), secret: readFileSync(this.#secretFile, "utf8").trim() };
  }

  /** Rejects with a sentence when it ends by itself. */
  async broken(): Promise<never> {
    const ended = await this.#process?.ended;
    throw new CliError(EXIT.failed, "PROOF_BROKEN", ended?.sentence ?? "The cloud of the proof was never started.");
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** Stops it, and removes what opens the user's database. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#urlFile, { force: true });
  }

  /** Everything that it holds, once it has stopped: every row of every table, its log, and the files of a Postgres of its own. */
  async holdings(): Promise<Holding[]> {
    const dump = join(this.#directory, "..", "dump.jsonl");
    this.#must("dump", await runIntoFile(this.#program("database/cli", ["dump"]), dump));
    return [...tables(readFileSync(dump)), ...this.#files()];
  }

  /** With what it signs tokens: a cloud in embedded mode makes it itself. */
  get #secretFile(): string {
    return join(this.#directory, SECRET);
  }

  /** The user's database is no part of what is kept. */
  get #urlFile(): string {
    return join(this.#directory, "..", "database-url");
  }

  get #logFile(): string {
    return join(this.#directory, "cloud.log");
  }

  #env(): Record<string, string> {
    const { PATH = "", HOME = "", LANG = "C.UTF-8", TMPDIR } = this.#io.env;
    const base = { PATH, HOME, LANG, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
    if (this.#database.kind === "embedded") return { ...base, WEIR_EMBEDDED_DIRECTORY: this.#directory };
    return { ...base, WEIR_DATABASE_URL_FILE: this.#urlFile, WEIR_CLOUD_SECRET_FILE: this.#secretFile };
  }

  #program(program: "database/cli" | "tenants/main", args: readonly string[]) {
    const { cwd, interrupted: signal } = this.#io;
    return {
      file: cloudProgram(program, cwd),
      args,
      env: this.#env(),
      cwd: this.#directory,
      signal,
    };
  }

  async #keys(): Promise<Keys> {
    if (this.#database.kind === "embedded") return readKeys(join(this.#directory, KEYS));
    const tenant = `weir-prove-${randomBytes(6).toString("hex")}`;
    const ended = await runProgram(this.#program("tenants/main", ["create-tenant", tenant]));
    this.#must("tenant", ended);
    return printedKeys(ended.out);
  }

  #must(what: string, { code, err }: { code: number | null; err: string }): void {
    if (code === 0) return;
    const last = err.trim().split("\n").at(-1) ?? "";
    // Its own name for the database's URL is not the one by which the user gave it.
    const told = last.replaceAll("WEIR_DATABASE_URL", "the database's URL");
    const message = `The ${what} of the proof's cloud could not be made (exit code ${code}): ${told}`;
    throw new CliError(EXIT.failed, "PROOF_BROKEN", message);
  }

  /** What its log says counts as the log; what stands in the files of its Postgres counts as its database. */
  #files(): Holding[] {
    return readdirSync(this.#directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== KEYS && entry.name !== SECRET)
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => {
        const name = file.slice(this.#directory.length + 1);
        const content = readFileSync(file);
        return name.startsWith("postgres/")
          ? { place: "database" as const, name, content, plainly: true as const }
          : { place: "log" as const, name, content };
      });
  }
}

/** The dump by tables: each of its lines names one. */
function tables(dump: Buffer): Holding[] {
  const lines = new Map<string, Buffer[]>();
  for (let from = 0; from < dump.length;) {
    const newline = dump.indexOf(10, from);
    const end = newline === -1 ? dump.length : newline;
    const line = dump.subarray(from, end);
    const [, name = "dump"] = /^\{"table":"([^"]*)"/.exec(line.toString("latin1", 0, 200)) ?? [];
    const of = lines.get(name);
    if (of === undefined) lines.set(name, [line]);
    else of.push(line);
    from = end + 1;
  }
  return [...lines].map(([name, of]) => ({
    place: "database",
    name,
    content: Buffer.concat(of.flatMap((one) => [one, Buffer.from("\n")])),
  }));
}
