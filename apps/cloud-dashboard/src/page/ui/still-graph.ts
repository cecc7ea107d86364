/** Of a drawn graph that is to be looked at: nothing in it moves, is joined or chosen, and the wheel scrolls the page and not the drawing. */
export const STILL_GRAPH = {
  nodesDraggable: false,
  nodesConnectable: false,
  nodesFocusable: false,
  edgesFocusable: false,
  elementsSelectable: false,
  preventScrolling: false,
  zoomOnScroll: false,
  proOptions: { hideAttribution: true },
} as const;
