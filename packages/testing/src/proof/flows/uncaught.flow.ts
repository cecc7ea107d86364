// An error that no promise carries ends the process. Node would print the line of source at which it was thrown.
import { flow, task } from "@weir/sdk";

const wait = task("wait", async () => {
  setTimeout(() => {
    throw new Error("thrown outside of any promise", { cause: { lineThatMustNotLeave: "4c1d" } });
  }, 50);
  await new Promise(() => setInterval(() => {}, 1_000));
});

export default flow("uncaught", async () => {
  await wait();
});
