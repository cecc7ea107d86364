// The flow whose runs users only create, look at and cancel: no agent has the label that they want.
import { flow } from "@weir/sdk";

export default flow("small", async () => "done");
