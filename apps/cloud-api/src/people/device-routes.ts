import type { AppDeps } from "../app.ts";
import { prove } from "./accounts.ts";
import { CONFIRM_DEVICE, ENROL_DEVICE, REMOVE_DEVICE } from "./people-messages.ts";
import { type AddRoute, present } from "./people-route.ts";
import { confirmDevice, enrolDevice, removeDevice } from "./second-factor.ts";
import { renewSession, requirePassword } from "./sign-in.ts";
import { whoAmI } from "./who-am-i.ts";

/** `/auth/device`: the second factor of one's own account. The session alone is not enough to change it. */
export function registerSecondFactor(add: AddRoute, { database: { pool }, secrets }: AppDeps): void {
  add("person", {
    url: "/auth/device",
    body: ENROL_DEVICE,
    handle: async ({ body: { password }, address, person }) => {
      requirePassword(present(person), "enrol a device");
      const { user } = await whoAmI(pool, present(person));
      await prove(pool, secrets, { email: user.email, password, address });
      return { body: await enrolDevice(pool, secrets, user) };
    },
  });
  add("person", {
    url: "/auth/device/confirm",
    body: CONFIRM_DEVICE,
    handle: async ({ body: { code }, person }) => {
      requirePassword(present(person), "confirm a device");
      const recoveryCodes = await confirmDevice(pool, secrets, present(person).userId, code);
      return { body: { recoveryCodes }, session: await renewSession(pool, secrets, present(person)) };
    },
  });
  add("person", {
    url: "/auth/device/remove",
    body: REMOVE_DEVICE,
    handle: async ({ body: { password, code }, address, person }) => {
      requirePassword(present(person), "remove a device");
      const { user } = await whoAmI(pool, present(person));
      await prove(pool, secrets, { email: user.email, password, code, address });
      await removeDevice(pool, present(person).userId);
      return { session: await renewSession(pool, secrets, present(person)) };
    },
  });
}
