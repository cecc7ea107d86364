import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { linter, lintKeymap } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { graphql } from "cm6-graphql";
import type { GraphQLSchema } from "graphql";
import { CODE_THEME } from "./code-theme.ts";
import { TYPE_OVER } from "./type-over.ts";

interface Editing {
  /** Ctrl or ⌘ with Enter. */
  readonly run: () => void;
}

/** For an operation: knows the schema once it is there. `show` is asked for the docs of a type. */
export function queryExtensions(
  schema: GraphQLSchema | null,
  { run, show }: Editing & { readonly show: (type: string) => void },
): Extension {
  const toDocs = (_field?: string, type?: string, parent?: string) => show(parent ?? type ?? "");
  return [editing("Operation", run), lineNumbers(), graphql(schema ?? undefined, { onShowInDocs: toDocs })];
}

/** For variables, in JSON. */
export function variablesExtensions({ run }: Editing): Extension {
  // Nothing at all is no variables, and no mistake.
  const check = jsonParseLinter();
  const mistakes = linter((view) => (view.state.doc.toString().trim() === "" ? [] : check(view)));
  return [editing("Variables", run), json(), mistakes, placeholder('{ "id": "…" }')];
}

/** For what the cloud answered. */
export const ANSWER_EXTENSIONS: Extension = [
  named("Answer"),
  EditorState.readOnly.of(true),
  json(),
  foldGutter(),
  drawSelection(),
  keymap.of([...foldKeymap, ...defaultKeymap]),
  CODE_THEME,
];

function editing(label: string, run: () => void): Extension {
  const enter = { key: "Mod-Enter", preventDefault: true, run: () => (run(), true) };
  return [
    named(label),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    TYPE_OVER,
    EditorView.lineWrapping,
    keymap.of([
      enter,
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...foldKeymap,
    ]),
    CODE_THEME,
  ];
}

/** What those hear who hear the page. */
function named(label: string): Extension {
  // With the tabindex, also those checks of a page see that keys reach it which do not know what `contenteditable` does.
  return EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" });
}
