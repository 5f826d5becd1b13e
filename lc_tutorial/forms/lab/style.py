"""How the request lab looks, in the light and the dark theme, in a wide and a narrow window."""

STYLE = """<style>
.lc-lab { max-width: 900px; container-type: inline-size; }
.lc-lab .widget-html, .lc-lab .widget-vbox, .lc-lab .widget-box { max-width: 100%; }
.lc-lab .widget-html-content p { margin: 2px 0; }
.lc-lab .widget-html-content { min-width: 0; }
.lc-lab .widget-html:has(> .widget-html-content:empty) { display: none; }
.lc-lab .widget-text, .lc-lab .widget-password, .lc-lab .widget-textarea, .lc-lab .widget-dropdown {
  width: calc(100% - 4px); max-width: none; }
.lc-lab .widget-textarea { height: auto; }
.lc-lab .widget-label.widget-label { width: 92px; text-align: left;
  color: var(--jp-ui-font-color1, #212121); }
.lc-lab input, .lc-lab select, .lc-lab textarea {
  color: var(--jp-ui-font-color1, #212121) !important;
  background-color: var(--jp-layout-color1, #ffffff) !important; }
.lc-lab textarea, .lc-lab .lc-url input, .lc-lab .lc-rows input {
  font-family: var(--jp-code-font-family, monospace) !important; }
.lc-lab textarea { resize: vertical; }
.lc-lab .widget-dropdown > select { background-image: none !important; appearance: auto;
  min-height: 28px; }
body[data-jp-theme-light="false"] .lc-lab select,
body[data-jp-theme-light="false"] .lc-lab textarea { color-scheme: dark; }
.lc-lab :is(input, select, textarea, button, summary, a, pre, [tabindex]):focus-visible {
  outline: 3px solid #f5a623 !important; outline-offset: -2px; }
.lc-lab .lc-address { flex-wrap: wrap; column-gap: 8px; }
.lc-lab .lc-address .lc-method { width: 196px; flex: none; }
.lc-lab .lc-address .lc-url { flex: 1 1 300px; width: auto; min-width: 0; }
.lc-lab .lc-address .lc-url > .widget-label { width: 34px; }
.lc-lab .lc-row { flex-wrap: nowrap; column-gap: 4px; align-items: center; }
.lc-lab .lc-row .widget-label.widget-label { position: absolute; width: 1px; height: 1px;
  overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.lc-lab .lc-row .lc-name { flex: 1 1 30%; width: auto; min-width: 0; }
.lc-lab .lc-row .lc-value { flex: 2 1 60%; width: auto; min-width: 0; }
.lc-lab .lc-row .lc-remove { width: auto; flex: none; padding: 0 10px; }
.lc-lab .lc-rows .lc-add { width: auto; padding: 0 12px; align-self: flex-start; }
.lc-lab .lc-fold-button { width: auto; max-width: 100%; align-self: flex-start; background: none;
  box-shadow: none; padding: 2px 4px; font-weight: 600; text-align: left; height: auto;
  white-space: normal; line-height: 1.5;
  color: var(--jp-ui-font-color1, #212121); }
.lc-lab .lc-fold-button:hover { text-decoration: underline; box-shadow: none !important; }
.lc-lab .lc-fold-inside { padding: 2px 0 6px 16px; }
.lc-lab .lc-tabs { margin: 2px 0; }
.lc-lab .lc-tabs button { width: auto; min-width: 0; padding: 0 14px; box-shadow: none; }
.lc-lab .lc-tabs button.mod-active { font-weight: 600;
  border-bottom: 3px solid var(--jp-brand-color1, #1976d2); }
.lc-lab .lc-buttons button { min-width: 0; padding: 0 14px; max-width: 100%; }
.lc-lab .lc-address .lc-send { width: auto; min-width: 110px; flex: none; font-weight: 600; }
.lc-lab .lc-notes, .lc-lab .lc-legend-list { margin: 4px 0; padding-left: 20px; }
.lc-lab .lc-legend-list { list-style: none; padding-left: 2px; }
.lc-lab .lc-missing { font-weight: 600; }
.lc-say-bad { border-color: var(--jp-error-color1, #d32f2f) !important; }
.lc-lab .lc-pointed { font-family: var(--jp-code-font-family, monospace);
  font-size: var(--jp-code-font-size, 13px); margin: 4px 0 0; overflow-x: auto; line-height: 1.4; }
.lc-lab .lc-tables-made .lc-table-title { margin: 12px 0 2px; }
.lc-lab .lc-table-frame { overflow-x: auto; }
.lc-lab .lc-table-frame table { border-collapse: collapse; font-size: 12px; }
.lc-lab .lc-table-frame th, .lc-lab .lc-table-frame td { padding: 2px 10px 2px 0; text-align: left;
  white-space: nowrap; max-width: 260px; overflow: hidden; text-overflow: ellipsis; }
@container (max-width: 560px) {
  .lc-lab .lc-address .lc-method, .lc-lab .lc-address .lc-url { flex: 1 1 100%; }
  .lc-lab .lc-address .lc-url > .widget-label { width: 92px; }
  .lc-lab .lc-fold-inside { padding-left: 4px; }
  .lc-lab .lc-row { flex-wrap: wrap; }
  .lc-lab .lc-row .lc-name, .lc-lab .lc-row .lc-value { flex: 1 1 100%; }
}
@container (max-width: 340px) {
  .lc-lab .widget-inline-hbox { flex-wrap: wrap; height: auto; }
  .lc-lab .widget-inline-hbox > .widget-label.widget-label { width: 100%; }
  .lc-lab .widget-inline-hbox > input, .lc-lab .widget-inline-hbox > select,
  .lc-lab .widget-inline-hbox > textarea { flex: 1 1 100%; min-width: 0; }
}
</style>"""
