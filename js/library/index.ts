/** Owns the widget's entry: what anywidget calls to show a list of stored things. */
import type { RenderContext } from "../widget/model";
import { Library } from "./library";

export default {
  render({ model, el }: RenderContext): () => void {
    const library = new Library(model);
    el.append(library.root);
    return () => library.close();
  },
};
