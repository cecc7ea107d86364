// Loaded before a program (`node --import watch.ts?to=FILE`), it writes down every way out that the program takes: connections, requests, names,
// datagrams, programs. It changes nothing, but for one: programs of Node's that the program starts are given the watcher too, as an argument,
// since the environment of a flow's process is an allow-list and hands nothing on.
import * as childProcess from "node:child_process";
import dgram from "node:dgram";
import { subscribe } from "node:diagnostics_channel";
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { isMainThread } from "node:worker_threads";
import { callers, named, rememberCauses } from "./callers.ts";
import type { Deed, Sighting } from "./sighting.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

const self = new URL(import.meta.url);
const file = self.searchParams.get("to") ?? "";
if (file === "") throw new Error("The watcher is not told where to write. Import watch.ts?to=FILE.");
const program = `${named(process.argv[1] ?? "")}${isMainThread ? "" : " (thread)"}`;

function saw(deed: Deed, target: string): void {
  const sighting: Sighting = { pid: process.pid, program, deed, target, modules: callers() };
  appendFileSync(file, `${JSON.stringify(sighting)}\n`);
}

/** Looks at the arguments of every call of a method before it is carried out. */
function watch(owner: object, name: string, look: (args: unknown[]) => void): void {
  const methods = owner as Record<string, Method>;
  const original = methods[name];
  if (original === undefined) throw new Error(`This Node has no ${name} to watch.`);
  const watched: Method = function watched(...args) {
    look(args);
    return Reflect.apply(original, this, args);
  };
  // `promisify` finds its own version of a function by a symbol.
  for (const symbol of Object.getOwnPropertySymbols(original))
    Object.defineProperty(watched, symbol, Object.getOwnPropertyDescriptor(original, symbol) ?? {});
  methods[name] = watched;
}

interface Place {
  readonly path?: string;
  readonly host?: string;
  readonly port?: number | string;
}

/** Of `connect(options)`, `connect(path)`, `connect(port, host)`, and of the one array into which Node puts them. */
function placeOf(args: readonly unknown[]): string {
  const [first, second] = args;
  if (Array.isArray(first)) return placeOf(first);
  if (typeof first === "object" && first !== null) {
    const { path, host = "localhost", port } = first as Place;
    return path ?? `${host}:${port}`;
  }
  if (typeof first === "string" && Number.isNaN(Number(first))) return first;
  return `${typeof second === "string" ? second : "localhost"}:${String(first)}`;
}

/** Of `send(message, [offset, length,] port, host)`; connected sockets name no place, and their `connect` was seen. */
function placeOfDatagram(args: readonly unknown[]): string {
  const places = args.slice(1).filter((arg) => typeof arg === "number" || typeof arg === "string");
  const [port, host] = typeof places.at(-1) === "string" ? places.slice(-2) : [places.at(-1), "localhost"];
  return port === undefined ? "where it is connected to" : `${host}:${port}`;
}

function watchSockets(): void {
  // TLS, HTTP, HTTP/2, WebSockets and every copy of undici end up here, Node's own fetch too.
  watch(net.Socket.prototype, "connect", (args) => saw("connected to", placeOf(args)));
  watch(dgram.Socket.prototype, "connect", (args) => saw("connected to", placeOf(args)));
  watch(dgram.Socket.prototype, "send", (args) => saw("sent to", placeOfDatagram(args)));
}

const NAMES = /^(lookup|lookupService|resolve\w*|reverse)$/;

function watchNames(): void {
  const owners = [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype];
  for (const owner of owners) {
    // The methods of a resolver stand on a class that is not told, above its own.
    const names = [owner, Object.getPrototypeOf(owner) as object].flatMap((object) =>
      Object.getOwnPropertyNames(object),
    );
    for (const name of new Set(names.filter((each) => NAMES.test(each))))
      watch(owner, name, (args) => saw("looked up", String(args[0])));
  }
}

/** Requests on connections that are open already. */
function watchRequests(): void {
  subscribe("undici:request:create", (message) => {
    const { request } = message as { request: { origin?: unknown } };
    saw("asked", String(request.origin));
  });
  subscribe("http.client.request.created", (message) => {
    const { request } = message as { request: ClientRequest };
    saw("asked", `${request.protocol}//${String(request.getHeader("host"))}`);
  });
}

interface Start {
  readonly file: string;
  args?: string[];
}

function watchPrograms(): void {
  const argument = `--import=${self.href}`;
  // `spawn`, `fork`, `exec` and `execFile` end up here.
  watch(childProcess.ChildProcess.prototype, "spawn", ([first]) => {
    const start = first as Start;
    const [name = start.file, ...rest] = start.args ?? [];
    const isNode = start.file === process.execPath;
    saw("started", isNode ? named(rest.find((arg) => !arg.startsWith("-")) ?? "") : start.file);
    if (isNode && !rest.includes(argument)) start.args = [name, argument, ...rest];
  });
  for (const name of ["spawnSync", "execFileSync", "execSync"])
    watch(process.getBuiltinModule("node:child_process"), name, ([started]) => saw("started", String(started)));
}

watchSockets();
watchNames();
watchRequests();
watchPrograms();
syncBuiltinESMExports();
rememberCauses();
saw("began", program);
