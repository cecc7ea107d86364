import { inFile, type Mutation } from "./mutation.ts";

/** Guards of a task run's way: admission, triggers, tries, retries, timeouts, handlers, slots, approval. */
export const RUNNING: readonly Mutation[] = [
  ...inFile(
    "engine/admission.ts",
    [
      "a skipped upstream skips the task",
      "const skipped = skipOnUpstreamSkip ? ",
      "const skipped = !skipOnUpstreamSkip ? ",
    ],
    [
      "an unreadable input fails the task before its trigger is asked",
      "return unreadable === null ? RUN :",
      "return unreadable !== null ? RUN :",
    ],
    [
      "the default trigger wants success",
      "return obstacle === null ? RUN : failed(task, `${obstacle.which}, did not succeed.`, obstacle.error);\n  }\n  const states",
      "return RUN;\n  }\n  const states",
    ],
    ["a trigger that says no keeps the task from running", "if (!decided) return refused(task, trigger, states);", ""],
    [
      "a named trigger does not let a missing value arrive",
      "return missing(task, inputs) ?? (trigger",
      "return (trigger",
    ],
    [
      "a trigger function does not let a missing value arrive",
      "(missing(task, inputs) ?? RUN) : admission",
      "RUN : admission",
    ],
    ["a trigger function must answer true", "if (passes === true) return RUN;", "return RUN;"],
    ["a trigger that throws is TriggerFailed", "    return threw(task, thrown);", "    return RUN;"],
    ["not_all_skipped skips when all were skipped", 'if (decided === "skip") {', 'if (decided === "nobody") {'],
    ["manual_only waits for a person", 'trigger === manualOnly ? { verdict: "approve" } : RUN', "RUN"],
  ),
  ...inFile(
    "task/triggers.ts",
    ["all_failed wants all", "all.every(failed));", "all.some(failed));"],
    ["any_failed wants one", "all.length === 0 || all.some(failed)", "true"],
    ["any_successful wants one", "all.length === 0 || all.some(succeeded)", "true"],
    ["an amount below 1 is a fraction", "amount < 1 ? amount * of : amount", "amount"],
    ["atMost bounds from above", "count <= bound(atMost ?? Infinity, all.length)", "true"],
    ["atLeast bounds from below", "count >= bound(atLeast ?? (atMost === undefined ? 1 : 0), all.length)", "true"],
    [
      "some_failed counts failures",
      '"some_failed", amount, "fail", failed',
      '"some_failed", amount, "fail", succeeded',
    ],
    [
      "an unknown trigger is refused",
      'if (typeof found === "object" && typeof found.decide === "function") return found;',
      "return found ?? allSuccessful;",
    ],
  ),
  ...inFile(
    "engine/next-step.ts",
    ["retries are counted", "settings.retryDelaysMs[tryNumber - 1]", "settings.retryDelaysMs[0]"],
    [
      "retryOn decides which failures are tried again",
      "settings.retryOn === null || matchesRetryOn(settings.retryOn, thrown)",
      "true",
    ],
    ["a skip is no failure", 'if (thrown instanceof SkipSignal) return { state: "Skipped" };', ""],
    [
      "retryAfter goes on whatever retries says",
      "if (thrown instanceof RetrySignal) return retrying(thrown.delayMs(now));",
      "",
    ],
    ["jitter moves the delay", "delayMs * (1 + jitter * (2 * random() - 1))", "delayMs"],
    ["a timeout is told apart", 'thrown instanceof TaskTimeoutError ? "TimedOut" : "Failed"', '"Failed"'],
    [
      "succeedWith ends as Success",
      'if (thrown instanceof SuccessSignal) return { state: "Success", value: thrown.value };',
      "",
    ],
    ["pause ends as Paused", 'if (thrown instanceof PauseSignal) return { state: "Paused" };', ""],
  ),
  ...inFile(
    "task/task-options.ts",
    ["backoff makes each wait longer", "first * factor ** index", "first"],
    [
      "a wait of ten minutes is held by default",
      "const HOLD_FOR_MS = 10 * 60_000;",
      "const HOLD_FOR_MS = 60 * 60_000;",
    ],
    [
      "options that make no sense are refused",
      "if (Number.isInteger(value) && value >= least) return value;",
      "return value;",
    ],
    [
      "cache options without cacheFor are refused",
      "if (cacheKey === undefined && cacheValidator === undefined) return null;",
      "return null;",
    ],
  ),
  ...inFile(
    "engine/task-try.ts",
    [
      "a try has a time",
      "if (timeoutMs === null || this.#timer !== null || this.#owner === null) return;",
      "if (timeoutMs !== -1) return;",
    ],
    ["the signal is aborted when the time is up", "    this.stop(error);\n", ""],
    ["a try that is over is heard no more", "    this.#owner = null;\n", ""],
    ["the timer of a try ends with it", "    this.#timer?.cancel();\n    return owner;", "    return owner;"],
  ),
  ...inFile(
    "engine/task-node.ts",
    ["a task waits for its inputs", "for (const handle of handles) this.#waitFor(handle);", ""],
    ["a task waits for what it comes after", "for (const handle of after) this.#waitFor(handle);", ""],
    [
      "a run of another flow run is refused",
      "if (foreign !== undefined) return this.#refuse(",
      "if (foreign === null) return this.#refuse(",
    ],
    ["a cached hit is not run", "if (hit !== null) {", "if (hit === null && this.#startTime < 0) {"],
    [
      "a further try waits for its moment after a crash",
      "if (this.#startTime > this.flowRun.clock.now())",
      "if (this.#startTime < 0)",
    ],
    [
      "a task with tags asks for slots",
      "if (cloud === null || tags.length === 0) return this.#run();",
      "return this.#run();",
    ],
    [
      "a task without tags asks nobody",
      "if (cloud === null || tags.length === 0) return this.#run();",
      "if (cloud === null) return this.#run();",
    ],
    [
      "a full limit makes it Queued",
      "if ((this.#granted ||= granted)) this.#run();",
      "if (granted || tags.length > 0) this.#run();",
    ],
    ["a swallowed signal is told", "if (made === null || made === ending) return;", "return;"],
    [
      "inputs are written when a task is tried again",
      "    this.flowRun.persist(this.#inputs);\n    const isFar",
      "    const isFar",
    ],
    [
      "inputs are written when a task is queued",
      "    this.flowRun.persist(this.#inputs);\n    if (this.#granted)",
      "    if (this.#granted)",
    ],
    [
      "a long wait lets go of the run",
      "const isFar = startTime - clock.now() > this.code.settings.holdForMs && setup.mayWait;",
      "const isFar = false;",
    ],
    [
      "a turn uses up no try",
      '      this.#tryNumber -= 1;\n      this.enter({ state: "Looped"',
      '      this.enter({ state: "Looped"',
    ],
    [
      "the next turn sees the value",
      "      this.#loop = { count, value };\n",
      "      this.#loop = { count, value: undefined };\n",
    ],
    ["a crash loses no turn that was kept", "if (known.loopCount === undefined) return false;", "return false;"],
    ["tries of before a crash count", "this.#tryNumber = triesBehind(known);", "this.#tryNumber = 0;"],
    [
      "what was approved may run",
      'this.#approved = known.approved === true || known.state === "Resume";',
      "this.#approved = false;",
    ],
    [
      "a retryOn that throws decides nothing",
      'return { state: "Failed" };\n    }\n  }\n\n  /** A turn',
      "throw error;\n    }\n  }\n\n  /** A turn",
    ],
    [
      "a cancelled try ends as Cancelled",
      'if (this.state === "Cancelling") return this.endWith("Cancelled", this.flowRun.cancelReason);',
      "",
    ],
    [
      "a cancelled run tells its tasks",
      '    this.move("Cancelling");\n    this.#try?.stop(reason);',
      '    this.move("Cancelling");',
    ],
    [
      "nothing begins after a cancel",
      "return this.cancel(this.flowRun.cancelReason);\n    const { handles",
      "void 0;\n    const { handles",
    ],
    ["a cleanup is not cancelled", 'if (this.done || this.code.kind === "cleanup") return;', "if (this.done) return;"],
  ),
  ...inFile(
    "engine/transition.ts",
    ["a handler may replace the state", "      transition = replaced;\n", ""],
    [
      "a handler cannot make a move that there is not",
      "if (!(o.isMove ?? isTaskRunMove)(from, replaced.state))",
      "if (from === undefined)",
    ],
    ["a handler that throws fails the task", "    return handlerFailure(o.what, thrown);", "    return wanted;"],
    ["a handler may throw a signal", "thrown instanceof Signal ? ofSignal(thrown, now) : null", "null"],
    [
      "a handler cannot return nonsense",
      "if (REPLACEMENTS.has(state)) return given as Replacement;",
      "return given as Replacement;",
    ],
  ),
  ...inFile("task/handlers-of.ts", [
    "onFailure hears of failures only",
    "if (isFailed(change.to.state)) await",
    "await",
  ]),
  ...inFile(
    "engine/flow-end.ts",
    [
      "a flow that throws is Failed",
      'if (body.kind === "threw" && referenced === null)',
      'if (body.kind === "threw" && referenced !== null)',
    ],
    [
      "returned runs decide",
      'if (body.kind === "returned" && body.references.length > 0)',
      'if (body.kind === "threw")',
    ],
    [
      "reference tasks override",
      "if (referenced !== null) return { judged: failed(referenced)",
      "if (referenced === body) return { judged: failed(unheard)",
    ],
    ["a failure that nobody heard of fails the flow", "return { judged: unheard,", "return { judged: [],"],
    [
      "a signal thrown by the flow is explained",
      "if (!(error instanceof Signal) || error instanceof FailSignal) return error;",
      "return error;",
    ],
  ),
  ...inFile(
    "engine/cleanups.ts",
    ["what was not set up is not cleaned up", 'if (resource.verdict() !== "ok") continue;', ""],
    [
      "a cleanup that throws keeps nobody from cleaning up",
      "this.#body.flowRun.log(",
      "throw error; this.#body.flowRun.log(",
    ],
  ),
  ...inFile(
    "engine/activity.ts",
    ["a run rests when nothing goes on", "if (this.#isIdle() && this.#mayRest())", "if (this.#mayRest())"],
    ["a rest says when it is due", "Math.max(0, Math.min(...dues) - this.#clock.now())", "0"],
  ),
];
