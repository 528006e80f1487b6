// Hands what the sliders say to the picture beside it. A component of its own, because Streamlit sends a
// component's whole script again whenever its data changes: this one is small, the picture's is not.
//
// data: { layer, problem, drawable, look, news, digit, pixels }; event of the document: "shapelab-conv", detail = data.

export default function ({ data }) {
  const tell = () => document.dispatchEvent(new CustomEvent("shapelab-conv", { detail: data }));
  document.addEventListener("shapelab-conv-ask", tell);
  tell();
  return () => document.removeEventListener("shapelab-conv-ask", tell);
}
