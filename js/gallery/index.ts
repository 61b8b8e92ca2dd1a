/** Owns the widget's entry: what anywidget calls to show a gallery, and to take it down. */

import type { RenderContext } from "../widget/model";
import { Gallery } from "./gallery";
import { hideStill } from "./still";

export default {
  render(context: RenderContext): () => void {
    const gallery = new Gallery(context);
    context.el.append(gallery.root);
    const stop = hideStill(gallery.root, context.model);
    return () => {
      stop();
      gallery.close();
    };
  },
};
