/** Owns the first rows of the table, which a button unfolds. */
import { element } from "../widget/dom";
import { messageOf, type Requests } from "../widget/requests";
import { isRecord } from "../widget/values";

/** Have a button unfold the table's first rows in a place, and fold them away again. */
export function foldedRows(
  button: HTMLButtonElement,
  place: HTMLElement,
  requests: Requests,
): void {
  const shown = element("div", { class: "table", hidden: true });
  place.append(shown);
  const fold = () => {
    shown.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  fold();
  button.addEventListener("click", () => {
    if (!shown.hidden) {
      fold();
      return;
    }
    shown.hidden = false;
    button.setAttribute("aria-expanded", "true");
    requests.ask("rows").then(
      (reply) => shown.replaceChildren(...tableOf(reply)),
      (error) => shown.replaceChildren(element("p", { class: "nothing" }, messageOf(error))),
    );
  });
}

function tableOf(reply: Record<string, unknown>): HTMLElement[] {
  const [names, rows] = [texts(reply.names), Array.isArray(reply.rows) ? reply.rows : []];
  const numeric = Array.isArray(reply.numeric) ? reply.numeric : [];
  const kind = (at: number) => ({ dir: "auto", class: numeric[at] === true ? "number" : "text" });
  const head = names.map((name, at) => element("th", { scope: "col", ...kind(at) }, name));
  const body = rows.map((row) =>
    element("tr", {}, ...texts(row).map((cell, at) => element("td", kind(at), cell))),
  );
  const said = typeof reply.said === "string" ? reply.said : "";
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
  // What scrolls must be reached by keyboard too, and then has a name.
  const scroll = element("div", { class: "scroll", tabindex: 0, role: "region" }, table);
  scroll.setAttribute("aria-label", said);
  return [element("p", { class: "nothing" }, said), scroll];
}

function texts(found: unknown): string[] {
  return Array.isArray(found) ? found.map((one) => (isRecord(one) ? "" : String(one))) : [];
}
