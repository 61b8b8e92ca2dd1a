"""Owns a small host of our own: a page that offers what every host of notebooks must.

It knows outputs as MIME bundles and anywidget's standard entry, `render({model, el})`, and nothing
of JupyterLab. Hosts that cannot run here, such as VS Code and Colab, offer at least that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from playwright.sync_api import Page

WIDGET = "application/vnd.jupyter.widget-view+json"
WAIT_S = 120.0

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Host</title>
<body style="font: 15px system-ui; margin: 1rem"><main id="cell"></main>
<script type="module">
const models = new Map(), toKernel = [], outputs = new Map();
function modelOf(id) {
  if (!models.has(id)) models.set(id, { state: {}, heard: [] });
  const { state, heard } = models.get(id);
  const tell = (event, ...said) => {
    for (const [name, call] of [...heard]) if (name === event) call(...said);
  };
  return {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    on: (event, call) => heard.push([event, call]),
    off: (event, call) => {
      const at = heard.findIndex((one) => one[0] === event && one[1] === call);
      if (at >= 0) heard.splice(at, 1);
    },
    send: (content) => toKernel.push({ id, content }),
    widget_manager: { get_model: async (other) => modelOf(other) },
    tell,
    update: (changed) => {
      Object.assign(state, changed);
      for (const name of Object.keys(changed)) tell(`change:${name}`);
      tell("change");
    },
  };
}
async function render(el, id) {
  const model = modelOf(id);
  const source = new Blob([model.get("_esm")], { type: "text/javascript" });
  const { default: widget } = await import(URL.createObjectURL(source));
  await widget.initialize?.({ model });
  await widget.render({ model, el });
}
function show(box, data) {
  box.replaceChildren();
  if (data["WIDGET"]) render(box, data["WIDGET"].model_id);
  else if ("text/html" in data) box.innerHTML = data["text/html"];
  else if (data["image/png"]) {
    box.append(Object.assign(new Image(), { src: `data:image/png;base64,${data["image/png"]}` }));
  } else {
    const text = document.createElement("pre");
    box.append(Object.assign(text, { textContent: data["text/plain"] }));
  }
}
globalThis.host = {
  take: () => toKernel.splice(0),
  open: (id, state) => modelOf(id).update(state),
  hear: (id, data) => data.method === "custom"
    ? modelOf(id).tell("msg:custom", data.content, []) : modelOf(id).update(data.state),
  display: (data, display) => {
    const box = document.createElement("div");
    document.getElementById("cell").append(box);
    if (display) outputs.set(display, box);
    show(box, data);
  },
  update: (data, display) => outputs.has(display) && show(outputs.get(display), data),
};
</script>""".replace("WIDGET", WIDGET)


class HostPage:
    """The page, and a kernel behind it."""

    def __init__(self, page: Page, client: BlockingKernelClient, folder: Path) -> None:
        self.page = page
        self._client = client
        path = folder / "host.html"
        path.write_text(PAGE, encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_function("globalThis.host !== undefined")

    def run(self, code: str) -> None:
        """Run a cell; its outputs come into the page while it waits for something."""
        self._client.execute(code, allow_stdin=True)

    def wait(self, until: Callable[[], bool]) -> None:
        """Carry messages between kernel and page until something is so."""
        ends = time.monotonic() + WAIT_S
        while not until():
            assert time.monotonic() < ends, "it never came"
            for asked in self.page.evaluate("host.take()"):
                data = {"method": "custom", "content": asked["content"]}
                self._send("comm_msg", {"comm_id": asked["id"], "data": data})
            while self._carry():
                pass
            self.page.wait_for_timeout(50)

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        self._client.shell_channel.send(self._client.session.msg(kind, content))

    def _carry(self) -> bool:
        """Bring one message of the kernel into the page, if there is one."""
        try:
            message = self._client.get_iopub_msg(timeout=0)
        except Empty:
            return False
        kind, content = message["msg_type"], message["content"]
        assert kind != "error", content
        display = content.get("transient", {}).get("display_id")
        if kind == "comm_open":
            self._tell("open", content["comm_id"], content["data"]["state"])
        elif kind == "comm_msg":
            self._tell("hear", content["comm_id"], content["data"])
        elif kind in ("display_data", "execute_result"):
            self._tell("display", content["data"], display)
        elif kind == "update_display_data":
            self._tell("update", content["data"], display)
        return True

    def _tell(self, what: str, *said: object) -> None:
        self.page.evaluate("([what, said]) => { host[what](...said); }", [what, list(said)])
