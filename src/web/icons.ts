import { mark, outlines, solids } from "./icon-shapes.ts";

export type IconName = keyof typeof outlines | keyof typeof solids;

const svg = (tag: string, attributes: Readonly<Record<string, string>>): SVGElement => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

const isSolid = (name: IconName): name is keyof typeof solids => name in solids;

/** An icon in the colour of the text around it, hidden from assistive technology: the text beside it says it. */
export const drawIcon = (name: IconName, sizePx = 18): SVGElement => {
  const solid = isSolid(name);
  const size = String(sizePx);
  const ink: Record<string, string> = solid
    ? { fill: "currentColor" }
    : {
        fill: "none",
        stroke: "currentColor",
        "stroke-width": "1.75",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
      };
  const image = svg("svg", { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", ...ink });
  for (const d of solid ? solids[name] : outlines[name]) image.append(svg("path", { d }));
  return image;
};

/** The mark in the colour of the text around it. */
export const drawMark = (sizePx: number): SVGElement => {
  const size = String(sizePx);
  const image = svg("svg", {
    viewBox: "0 0 32 32",
    width: size,
    height: size,
    fill: "currentColor",
    "aria-hidden": "true",
  });
  image.append(svg("path", { d: mark.wall }), svg("path", { d: mark.door, opacity: "0.55" }));
  return image;
};
