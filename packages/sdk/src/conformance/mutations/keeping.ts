import { inFile, type Mutation } from "./mutation.ts";

/** Guards of maps, results, caching and restarts. */
export const KEEPING: readonly Mutation[] = [
  ...inFile(
    "engine/map-sources.ts",
    [
      "unequal lengths are an error",
      "if (other === undefined) return { sources, count: first.length };",
      "return { sources, count: first.length };",
    ],
    ["what is no list is refused", "if (Array.isArray(list)) return list;", "return list as readonly unknown[];"],
    [
      "a map over nothing is refused",
      'if (first === undefined) throw invalid(task, "none of its inputs is a list.");',
      "if (first === undefined) return { sources, count: 0 };",
    ],
    ["unmapped goes whole", 'if (source.kind === "whole") return source.value;', ""],
    [
      "flatten makes one list",
      "return listOf(value, task, position).flatMap((inner) => listOf(inner, task, position));",
      "return listOf(value, task, position);",
    ],
  ),
  ...inFile(
    "engine/mapped-node.ts",
    ["a child waits for the child of its index", "if (missing[index] !== 0) return;", ""],
    ["a mapped run that is obstructed does not fan out", "if (this.#isObstructed()) return;", ""],
    ["a map that cannot be made fails", 'return this.#endAs(failed("Failed", error));', "this.count = 0;"],
    ["a skip before a map skips it", "      skipOnUpstreamSkip,\n    );", "      true,\n    );"],
    ["whole maps are not begun again", "if (this.#known !== null && this.#restoreWhole(this.#known)) return;", ""],
    [
      "a map with a lost child is begun again",
      "isKept(this.flowRun.known.look({ ...this.identity, mapIndex, parent: this.identity.number })),",
      "true,",
    ],
    [
      "a list of another length is mapped anew",
      "if (values.some((value) => Array.isArray(value) && value.length !== mapCount)) return false;",
      "",
    ],
    [
      "children are known by their index",
      "this.flowRun.known.take({ task, ordinal, key, mapIndex: index, parent })",
      "null as never",
    ],
    [
      "a cancelled map begins no more children",
      "return this.#stopped === null && this.#turns.hasNext;",
      "return this.#turns.hasNext;",
    ],
    ["failed children fail the flow", "this.#summary === null ? super.hasFailed() : this.#summary.failed > 0", "false"],
  ),
  ...inFile(
    "engine/turns.ts",
    ["no more than maxConcurrency run", "return this.#running < this.#maxRunning && ", "return "],
    [
      "children end before the map does",
      "return this.isIdle && this.#begun === this.#count;",
      "return this.#begun === this.#count;",
    ],
  ),
  ...inFile("engine/children.ts", [
    "a failed child is the list's failure",
    "if (failed.length > 0) {",
    "if (failed.length > count) {",
  ]),
  ...inFile(
    "engine/result.ts",
    [
      "checkpoint: false is not written",
      'code.settings.checkpoint && code.kind === "task" && this.store !== null',
      'code.kind === "task" && this.store !== null',
    ],
    [
      "what a resource gives is not written",
      'code.settings.checkpoint && code.kind === "task" && this.store !== null',
      "this.store !== null",
    ],
    [
      "the task's store goes before the flow's",
      "flowRun.storeOf(code.settings.store) ?? body.store",
      "body.store ?? flowRun.storeOf(code.settings.store)",
    ],
    [
      "a resource is set up again",
      'if (!hasSucceeded(known) || this.#of.code.kind !== "task") return false;',
      "if (!hasSucceeded(known)) return false;",
    ],
    [
      "a finished task run is not run again",
      'if (!hasSucceeded(known) || this.#of.code.kind !== "task") return false;',
      "if (Math.abs(0) === 0) return false;",
    ],
    [
      "what was skipped has no value to make",
      'if (known === null || known.state === "Skipped") return "there";',
      'if (known === null) return "there";',
    ],
    [
      "rerun: never keeps a task from running again",
      "known.location !== undefined || !this.#of.code.settings.mayRerun",
      "known.location !== undefined",
    ],
    [
      "rerun: never holds after a crash too",
      "if (this.#of.code.settings.mayRerun || !wasInterrupted(known)) return null;",
      "return null;",
    ],
    [
      "a write that failed fails the task",
      'return { state: "Failed", error, detail: { failure: failureOf(error) } };',
      'return { state: "Success", value };',
    ],
    [
      "turns are written only where results are kept",
      "if (this.isKept && this.store !== null) this.#place",
      "if (this.store !== null) this.#place",
    ],
    [
      "turns are written",
      "if (this.isKept && this.store !== null) this.#place",
      "if (this.store === null) this.#place",
    ],
    ["inputs of a cached result are written", "    flowRun.persist(inputs);\n", ""],
    ["an input is written once", "if (store === null || this.#writing || ", "if (store === null || "],
    [
      "an input that is written is not written again",
      "if (this.#place.location !== undefined || !isSuccessful(this.#of.state)) return;",
      "if (!isSuccessful(this.#of.state)) return;",
    ],
    [
      "what a resource gives is no input to be written",
      '|| this.#of.code.kind !== "task") return;\n    if (this.#place',
      ") return;\n    if (this.#place",
    ],
    ["a later written result is told", "      flowRun.emit(event);\n", ""],
    [
      "a later write that fails is told",
      'flowRun.log("warn", `Its value could not',
      'void ("warn", `Its value could not',
    ],
    [
      "cacheFor without a store is told",
      "if (cache === null || (this.store === null && cloud !== null)) {",
      "if (cache === null) {",
    ],
    [
      "a cached result expires",
      "const expiresAt = Math.ceil(now + cache.forMs);",
      "const expiresAt = Math.ceil(now + cache.forMs * 10);",
    ],
  ),
  ...inFile(
    "engine/cache-lookup.ts",
    ["the validator decides", "if (!(await isValid(cache.validator, view(candidate, own), warn))) continue;", ""],
    [
      "a validator that throws refuses",
      "    return false;\n  }\n}\n\n/** What can be said",
      "    return true;\n  }\n}\n\n/** What can be said",
    ],
    [
      "a cached result that cannot be read is passed over",
      "      warn(`A cached result cannot be read, so it is not used: ${failureOf(error).message}`);",
      "      throw error;",
    ],
    [
      "tasks have results of their own",
      'key === null ? ["task", flow, task, validator.name]',
      'key === null ? ["task", validator.name]',
    ],
    ["another validator finds nothing", '["key", key, validator.name]', '["key", key]'],
    ["a target that is not there is no hit", "if (!(await store.exists(location))) return null;", ""],
    ["a target goes before the cache", "if (settings.target !== null) return await findTarget(store, where());", ""],
    ["a target needs a store", "if (store === null)\n    throw", "if (store === undefined)\n    throw"],
  ),
  ...inFile(
    "task/cache-validators.ts",
    ["allInputs compares inputs", "decide: (cached) => cached.inputsEqual(),", "decide: () => true,"],
    ["allParameters compares parameters", "decide: (cached) => cached.parametersEqual(),", "decide: () => true,"],
    ["partialInputs compares its places", "places.every((place) => cached.inputsEqual(place))", "places.length > 0"],
    ["partialParameters compares its names", "names.every((name) => cached.parametersEqual(name))", "names.length > 0"],
    ["never refuses", 'needs: "nothing", decide: () => false', 'needs: "nothing", decide: () => true'],
  ),
  ...inFile(
    "engine/input-digests.ts",
    [
      "a missing digest is no agreement",
      "return value !== undefined && others.some(",
      "return value === undefined || others.some(",
    ],
    ["the order of fields does not matter", "Object.keys(value).toSorted()", "Object.keys(value)"],
  ),
  ...inFile("engine/process-cache.ts", [
    "a run in memory takes no expired result",
    ".filter(({ expiresAt }) => expiresAt > now)",
    "",
  ]),
  ...inFile(
    "engine/known-runs.ts",
    ["a subflow's task runs are its own", '\\n${parent ?? ""}`;', "`;"],
    ["a key holds where the order changes", "key === undefined ? `#${ordinal}` : `=${key}`", "`#${ordinal}`"],
    ["numbers go on after the highest known", "known.reduce((last, { number }) => Math.max(last, number), 0)", "0"],
    [
      "a failed task run is begun again",
      'return isSuccessful(known.state) && known.state !== "Mapped";',
      'return known.state !== "Mapped";',
    ],
    [
      "a child whose value was not written is not kept",
      'return known.state === "Skipped" || known.location !== undefined;',
      "return true;",
    ],
    [
      "an interrupted try does not count",
      "UNDECIDED.includes(known.state) ? Math.max(0, known.tryNumber - 1) : 0",
      "known.tryNumber",
    ],
  ),
  ...inFile(
    "engine/flow-run.ts",
    ["inputs that were awaited are written too", "this.origins.each(value, (run) => run.persist());", "void value;"],
    ["a run does not end before its writes", "    await Promise.all(this.#writes);\n", ""],
    ["what was left of before is told", 'if (end.state === "Success") this.#tellWhatWasLeft();', ""],
    ["an order to pause holds the queue", 'this.queue.hold(kind === "pause");', ""],
    [
      "a grant reaches its task",
      'if (kind === "slots") for (const number of numbers) this.queued.get(number)?.grant();',
      'if (kind === "slots") return;',
    ],
    [
      "an approval reaches its task",
      "for (const number of numbers) this.paused.get(number)?.approve();",
      "void numbers;",
    ],
    ["executors are closed", "if (executor !== null) this.#executors.add(executor);", ""],
    ["a flow's handlers are asked", "if (handlers.length === 0) return wanted;", "return wanted;"],
  ),
  ...inFile(
    "engine/call-inputs.ts",
    ["runs in a list are found", "(found ??= []).push(element);", "continue;"],
    ["a list that changed is told", "if (run.done) return run.take();", "return run.take();"],
  ),
  ...inFile(
    "engine/origins.ts",
    ["an awaited value keeps its origin", "    this.#values.set(value, run);\n", ""],
    [
      "what is taken out of an awaited value keeps its origin",
      "    eachInner(value, MOST_REMEMBERED, (inner) => this.#parts.set(inner, run.identity));\n",
      "",
    ],
    [
      "an awaited function is known",
      '    if (typeof value === "function") this.#parts.set(value, run.identity);\n',
      "",
    ],
    ["a part that a later run hands out whole is from that run", "    this.#parts.delete(value);\n", ""],
    ["a value of a map is from its child", "if (hasIdentity(element)) this.#parts.set(element, child.identity);", ""],
    [
      "a list of a map's values is from the map",
      "isElement && maker.mapIndex !== undefined",
      "isElement && !isElement",
    ],
    ["a proxy is not looked into", "  if (types.isProxy(value)) return;\n", ""],
    [
      "a getter is not called",
      "Object.getOwnPropertyDescriptor(record, name)?.value",
      "Object.entries(record).find(([key]) => key === name)?.[1]",
    ],
    ["a long list is not remembered whole", "Math.min(list.length, most)", "list.length"],
    ["a wide record is not remembered whole", "    if (seen === most) return;\n", ""],
  ),
  ...inFile("engine/run-node.ts", [
    "who is heard of does not fail the flow",
    "    this.body.unheard.delete(this);\n",
    "",
  ]),
  ...inFile("engine/settlement.ts", [
    "a settled input never stands in the way",
    '  verdict(): Verdict {\n    return "ok";',
    "  verdict(): Verdict {\n    return this.#node.verdict();",
  ]),
  ...inFile("engine/ordinals.ts", ["a key is used once", "if (this.#keys.has(used)) {", "if (this.#keys.size < 0) {"]),
  ...inFile(
    "engine/results-of.ts",
    ["a location must fit", "if (written.location.length <= LIMITS.locationLength) return written;", "return written;"],
    [
      "a value without a store to read it is told",
      "if (store !== null) return await store.read(location);",
      "return await store?.read(location);",
    ],
  ),
  ...inFile("child-runs.ts", [
    "a child run that failed fails who waits",
    "if (!raise || isSuccessful(outcome.state)) return outcome;",
    "return outcome;",
  ]),
  ...inFile(
    "flow/run-flow.ts",
    ["executors are let go of at the end", "  await run.closeExecutors();\n", ""],
    ["the flow's store goes before the storage's", "?? setup.store;", "&& setup.store;"],
  ),
];
