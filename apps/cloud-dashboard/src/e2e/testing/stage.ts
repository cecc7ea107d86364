import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import type { Browser } from "playwright-core";
import { startChromium } from "./chromium.ts";
import { type Command, startWeir, weir } from "./processes.ts";
import { SAMPLE_FLOWS } from "./sample-flows.ts";
import { makeSampleProject, type SampleProject } from "./sample-project.ts";
import { openVisitor, type Visitor, type VisitorOptions } from "./visitor.ts";

type Environment = Readonly<Record<string, string>>;

/** Everything that a page needs: a real cloud on a real Postgres, a user's project with flows, a browser, and agents by `startAgent`. */
export interface Stage {
  readonly cloud: TestCloud;
  readonly browser: Browser;
  readonly folder: string;
  /** Runs `weir …` in the user's folder, with the cloud's user key, and gives what it wrote. @throws Error it failed */
  weir(args: readonly string[], env?: Environment): Promise<string>;
  /** The same with `--json`. */
  json<T>(args: readonly string[], env?: Environment): Promise<T>;
  /** Starts an agent. It ends with the stage. */
  startAgent(name: string, env?: Environment): Command;
  /** Asks GraphQL with the user key. @throws Error with the errors of the answer */
  ask<T>(query: string, variables?: object, key?: string): Promise<T>;
  /** Opens a page in a context of its own, signed in with the user key; what goes wrong on it fails the test that opened it. */
  visit(path: string, options?: VisitorOptions): Promise<Visitor>;
  end(): Promise<void>;
}

/**
 * Sets the stage of one test file.
 * @param given settings of the cloud other than the defaults, files of the user beside the sample flows
 * @example
 * let stage: Stage;
 * beforeAll(async () => void (stage = await setStage()));
 * afterAll(() => stage.end());
 * test("…", async () => { const { page } = await stage.visit("/runs"); … });
 */
export async function setStage(
  given: {
    readonly cloud?: Parameters<typeof startTestCloud>[0];
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Stage> {
  const [cloud, project, browser] = await Promise.all([
    startTestCloud({ leaseSeconds: 30, reportSeconds: 1, signUp: "open", ...given.cloud }),
    makeSampleProject({ ...SAMPLE_FLOWS, ...given.files }),
    startChromium(),
  ]);
  const commands = commandsOf(cloud, project.folder);
  return {
    cloud,
    browser,
    folder: project.folder,
    ...commands,
    ask: (query, variables = {}, key = cloud.userKey) => ask(cloud.url, key, query, variables),
    visit: async (path, options = {}) => {
      const visitor = await openVisitor(browser, { url: cloud.url, key: cloud.userKey, ...options });
      await visitor.open(path);
      return visitor;
    },
    end: () => endAll(browser, commands.agents, cloud, project),
  };
}

function commandsOf(cloud: TestCloud, folder: string) {
  const agents: Command[] = [];
  const userEnv = { WEIR_API_URL: cloud.url, WEIR_API_KEY: cloud.userKey };
  const run = (args: readonly string[], env: Environment = {}) => weir(args, folder, { ...userEnv, ...env });
  return {
    agents,
    weir: run,
    json: async <T>(args: readonly string[], env?: Environment) => JSON.parse(await run([...args, "--json"], env)) as T,
    startAgent: (name: string, env: Environment = {}) => {
      const own = { WEIR_API_URL: cloud.url, WEIR_AGENT_KEY: cloud.agentKey, WEIR_AGENT_DRAIN_SECONDS: "0" };
      const agent = startWeir(["agent", "start", "--name", name, "--directory", name], folder, { ...own, ...env });
      agents.push(agent);
      return agent;
    },
  };
}

async function ask<T>(url: string, key: string, query: string, variables: object): Promise<T> {
  const reply = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await reply.json()) as { data?: T; errors?: unknown };
  if (errors !== undefined || data === undefined) throw new Error(JSON.stringify(errors));
  return data;
}

async function endAll(browser: Browser, agents: readonly Command[], cloud: TestCloud, project: SampleProject) {
  await browser.close();
  for (const { child } of agents) child.kill("SIGTERM");
  await Promise.all(agents.map(({ ended }) => ended));
  await cloud.stop();
  await project.remove();
}
