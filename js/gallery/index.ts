/** Owns the widget's entry: what anywidget calls. */
export default { render() {} };
