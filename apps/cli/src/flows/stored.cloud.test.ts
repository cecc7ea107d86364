import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeProject, removeProject, startWeir } from "../testing/weir.ts";
import { setStage } from "../testing/with-cloud.ts";

interface Shown {
  readonly flowRun: { readonly state: string; readonly failure: { readonly code: string; message: string } | null };
}

test(
  "code that is registered with --store runs on an agent that never saw the project, and only as it was registered",
  { timeout: 120_000 },
  async () => {
    const stage = await setStage(false);
    onTestFinished(() => stage.end());
    const box = await makeProject();
    onTestFinished(() => removeProject(box));
    await writeFile(join(stage.folder, "helper.ts"), "export const more = (n: number): number => n + 1;\n");
    await writeFile(
      join(stage.folder, "far.flow.ts"),
      `import { flow } from "@weir/sdk";\nimport { more } from "./helper.ts";\nexport default flow("far", () => more(41));\n`,
    );
    const shared = join(box, "shared");
    const registered = await stage.weir(["register", "far.flow.ts", "--store", shared]);
    expect(registered).toMatchObject({ code: 0, err: "" });
    // The project is gone; what is left is what was stored.
    await mkdir(join(stage.folder, "gone"));
    for (const name of ["far.flow.ts", "helper.ts"])
      await rename(join(stage.folder, name), join(stage.folder, "gone", name));
    const env = {
      WEIR_API_URL: stage.cloud.url,
      WEIR_AGENT_KEY: stage.cloud.agentKey,
      WEIR_AGENT_DRAIN_SECONDS: "0",
      WEIR_AGENT_CODE_DIRECTORY: join(box, "code"),
    };
    await mkdir(join(box, "code"));
    await symlink(join(box, "node_modules"), join(box, "code", "node_modules"));
    const agent = startWeir(["agent", "start", "--name", "far", "--directory", "agent"], { cwd: box, env });
    onTestFinished(async () => {
      agent.child.kill("SIGTERM");
      await agent.ended;
    });
    expect(await stage.json<Shown>(["run", "far"])).toMatchObject({ code: 0, flowRun: { state: "Success" } });
    const versions = (await readdir(join(box, "code"))).filter((name) => name !== "node_modules");
    expect(versions).toHaveLength(1);
    // Nothing is fetched twice; and what is neither here nor there is told.
    await rm(shared, { recursive: true });
    expect(await stage.json<Shown>(["run", "far"])).toMatchObject({ code: 0 });
    await rm(join(box, "code", versions[0] ?? ""), { recursive: true });
    const { code, flowRun } = await stage.json<Shown>(["run", "far"]);
    expect([code, flowRun.state, flowRun.failure?.code]).toEqual([1, "Failed", "FLOW_NOT_LOADED"]);
    expect(flowRun.failure?.message).toContain("Register it again with --store");
  },
);
