/** Owns how the editor of a report looks; its tokens are the gallery's, or the notebook's. */

export const STYLE = `
:host {
  --e-ink: var(--ink, var(--jp-ui-font-color1, #1f2328));
  --e-muted: var(--muted, var(--jp-ui-font-color2, #57606a));
  --e-line: var(--line, var(--jp-border-color2, #d5d9de));
  --e-ground: var(--ground, var(--jp-layout-color1, #fff));
  --e-raised: var(--raised, var(--jp-layout-color2, #f3f4f6));
  --e-accent: var(--accent, var(--jp-brand-color1, #0b62c4));
  display: block;
  container-type: inline-size;
  color: var(--e-ink);
  font: 400 13px/1.45 var(--text, var(--jp-ui-font-family, system-ui, sans-serif));
}
*, ::before, ::after { box-sizing: border-box; }
[hidden]:not(#_) { display: none; }
section {
  margin: 4px 0 10px;
  padding: 8px 10px;
  border: 1px solid var(--e-line);
  border-radius: 8px;
  background: var(--e-ground);
}
.head, .tools, .acts, .writing { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; }
.head { gap: 4px 14px; }
.title, .words { overflow-wrap: anywhere; }
.status, .hint, .nothing, .place, .what, .caption { color: var(--e-muted); font-size: 12.5px; }
.status { flex: 1 1 200px; overflow-wrap: anywhere; }
.nothing, .hint { margin: 6px 0 0; }
section:not(:has(.acts :focus-visible)) > .hint { display: none; }
.parts { margin: 6px 0 0; padding: 0; list-style: none; }
.part {
  display: grid;
  grid-template-columns: 2ch 7.5em 1fr auto;
  align-items: center;
  gap: 0 10px;
  padding: 2px 0;
  border-top: 1px solid var(--e-line);
}
.part.section b { font-size: 14px; }
.part:not(.section) b { font-weight: 500; }
.place { text-align: end; font-variant-numeric: tabular-nums; }
.caption { display: block; }
.writing { grid-column: 1 / -1; padding: 4px 0 6px; }
.writing .hint { margin: 0; }
input, textarea {
  flex: 1 1 260px;
  min-width: 0;
  padding: 4px 8px;
  border: 1px solid var(--e-line);
  border-radius: 6px;
  background: var(--e-ground);
  color: var(--e-ink);
  font: inherit;
}
textarea { resize: vertical; }
::placeholder { color: var(--e-muted); opacity: 1; }
button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 5px;
  min-width: 26px;
  min-height: 26px;
  margin: 0;
  padding: 1px 8px;
  border: 1px solid var(--e-line);
  border-radius: 6px;
  background: var(--e-ground);
  color: var(--e-ink);
  font: inherit;
  font-size: 12.5px;
  font-weight: 500;
  cursor: pointer;
}
button.quiet { padding: 1px 5px; border-color: transparent; background: none; color: var(--e-muted); }
button:hover:not(:disabled) { background: var(--e-raised); color: var(--e-ink); }
button:disabled { opacity: 0.45; cursor: default; }
:is(button, input, textarea):focus-visible { outline: 2px solid var(--e-accent); outline-offset: 1px; }
.icon { width: 15px; height: 15px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
:host([data-busy]) .parts { opacity: 0.7; }
@media (forced-colors: active) { button, section, input, textarea { border-color: CanvasText; } }
@container (max-width: 520px) { .part { grid-template-columns: 2ch 1fr auto; } .what { display: none; } }
`;
