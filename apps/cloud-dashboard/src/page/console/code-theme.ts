import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Tokens of the page go into a shadow root by inheritance; its style sheets do not. */
const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--color-ink)", backgroundColor: "var(--color-panel)", fontSize: "13px" },
  "&.cm-focused": { outline: "2px solid var(--color-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--color-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--color-panel)",
    color: "var(--color-muted)",
    borderRight: "1px solid var(--color-line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--color-raised)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--color-accent) 30%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--color-accent) 25%, transparent)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--color-raised)", color: "var(--color-muted)", border: "none" },
  ".cm-placeholder": { color: "var(--color-muted)" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--color-raised)",
    color: "var(--color-ink)",
    border: "1px solid var(--color-line)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--color-accent)",
    color: "var(--color-on-accent)",
  },
  ".cm-completionDetail": { color: "var(--color-muted)", fontStyle: "normal" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  // Its own underlines are pictures in data URLs, which the page's policy does not allow.
  ".cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint": { backgroundImage: "none" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--color-bad)" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--color-warn)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--color-bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--color-warn)" },
});

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.controlKeyword], color: "var(--color-sealed)" },
  { tag: [tags.propertyName, tags.attributeName], color: "var(--color-accent)" },
  { tag: [tags.typeName, tags.className, tags.atom, tags.bool, tags.null], color: "var(--color-warn)" },
  { tag: [tags.string, tags.number], color: "var(--color-good)" },
  { tag: [tags.variableName, tags.special(tags.name)], color: "var(--color-sealed)" },
  { tag: tags.comment, color: "var(--color-muted)", fontStyle: "italic" },
]);

/** How editors look, in both themes. */
export const CODE_THEME = [LOOK, syntaxHighlighting(COLOURS)];
