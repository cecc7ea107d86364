import { expect, test } from "vitest";
import { startTestCloud } from "./start-test-cloud.ts";

test("a test cloud answers on its own port, opens with its keys, and is gone after stop", async () => {
  const [first, second] = await Promise.all([startTestCloud({ leaseSeconds: 2 }), startTestCloud()]);
  expect(first.url).not.toBe(second.url);
  const ask = (key: string) =>
    fetch(`${first.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: "{ viewer { tenant { name } } }" }),
    });
  const reply = await ask(first.userKey);
  expect(await reply.json()).toMatchObject({ data: { viewer: { tenant: { name: "default" } } } });
  expect((await ask(second.userKey)).status).toBe(401);
  await Promise.all([first.stop(), second.stop()]);
  await expect(ask(first.userKey)).rejects.toThrow();
});
