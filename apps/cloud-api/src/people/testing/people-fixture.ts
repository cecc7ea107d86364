import type { AppDeps } from "../../app.ts";
import { acrossTenants } from "../../database/tenant-scope.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../../graphql/testing/graphql-fixture.ts";
import { invite } from "../invitations.ts";
import { openBrowser, type TestBrowser } from "./test-browser.ts";

/** The password of everybody here. */
export const PASSWORD = "correct horse battery";

/** A person who is signed in. */
export interface TestPerson extends TestBrowser {
  readonly email: string;
}

/** A cloud with people. */
export interface PeopleFixture extends GraphqlFixture {
  browser(address?: string): TestBrowser;
  /** A token of an invitation. */
  invited(tenant: TestTenant, email: string, role?: string): Promise<string>;
  /** Somebody who accepted an invitation. */
  join(tenant: TestTenant, email: string, role?: string): Promise<TestPerson>;
}

let browsers = 0;

/** Starts one. */
export async function startPeople(config: Partial<AppDeps["config"]> = {}): Promise<PeopleFixture> {
  const cloud = await startGraphqlFixture({ config });
  // An address each: tries of one test shall not be counted against another's.
  const browser = (address?: string) => openBrowser(cloud.app, address ?? `2001:db8::${(browsers += 1).toString(16)}`);
  const invited: PeopleFixture["invited"] = async ({ tenantId }, email, role = "owner") => {
    const wanted = { tenantId, email, role, roleId: null, invitedBy: null };
    const { pool } = cloud.deps.database;
    return (await acrossTenants("the test", () => invite(pool, cloud.deps.secrets, wanted))).token;
  };
  return {
    ...cloud,
    browser,
    invited,
    async join(tenant, email, role) {
      const token = await invited(tenant, email, role);
      const own = browser();
      const { status, body } = await own.post("/auth/invitation/accept", { token, password: PASSWORD });
      if (status !== 204) throw new Error(JSON.stringify(body));
      return { ...own, email };
    },
  };
}
