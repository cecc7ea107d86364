import { present, searchText } from "./search-text.ts";

/** What the address of the list of flows says. */
export interface FlowsSearch {
  readonly project?: string;
  /** Part of a flow's name. */
  readonly name?: string;
  /** Cursor of the page before. */
  readonly after?: string;
}

export function readFlowsSearch({ project, name, after }: Record<string, unknown>): FlowsSearch {
  return present({ project: searchText(project), name: searchText(name), after: searchText(after) });
}
