import { join } from "node:path";
import { createVitest, type TestModule } from "vitest/node";

/** Which tests are to be run, and which sources were changed since the last time. */
export interface TestOrder {
  /** From the root of the workspace. */
  readonly changed: readonly string[];
  readonly files: readonly string[];
  readonly titles: string | null;
}

/** Said of a test that failed since it took too long: on a busy machine that may have another reason than the guard. */
const LATE = "timed out";

// A process of its own in the root of a workspace: Postgres and whatever was compiled are there once, for all guards.
const root = process.cwd();
const vitest = await createVitest("test", { root, watch: false, bail: 1, reporters: [], silent: true });

/** @returns the title of the first test that failed, null when all passed */
async function run({ changed, files, titles }: TestOrder): Promise<string | null> {
  for (const file of changed) vitest.invalidateFile(join(root, file));
  if (titles === null) vitest.resetGlobalTestNamePattern();
  else vitest.setGlobalTestNamePattern(titles);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
    await vitest.globTestSpecifications([...files]),
  );
  for (const module of testModules)
    for (const test of module.children.allTests("failed"))
      return `${test.name}${isLate(test.result().errors) ? ` (${LATE})` : ""}`;
  return (
    testModules.map(notLoaded).find((reason) => reason !== null) ??
    (unhandledErrors.length === 0 ? null : "a failure beside the tests")
  );
}

const isLate = (errors: readonly { readonly message: string }[] = []) =>
  errors.some(({ message }) => /timed out in/.test(message));

function notLoaded(module: TestModule): string | null {
  const [error] = module.errors();
  return error === undefined ? null : `${module.relativeModuleId}: ${error.message.split("\n")[0]}`;
}

process.on("message", (order: TestOrder) => void run(order).then((failed) => process.send?.({ failed })));
process.on("disconnect", () => void vitest.close().then(() => process.exit(0)));
process.send?.("ready");
