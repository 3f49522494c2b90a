// biome-ignore-all lint/a11y/useSemanticElements: a table's elements lose their meaning when laid out as a CSS grid
// biome-ignore-all lint/a11y/useFocusableInteractive: a grid has one tab stop, the chosen row
import type { ComponentProps } from "react";

type Part = ComponentProps<"div">;

/** The roles of a list that is walked with the arrows; phones lay its rows out in two lines. */
export const Grid = (props: Part) => <div role="grid" {...props} />;
export const GridBody = (props: Part) => <div role="rowgroup" {...props} />;
export const GridRow = (props: Part) => <div role="row" {...props} />;
export const GridHead = (props: Part) => <div role="columnheader" {...props} />;
export const GridCell = (props: Part) => <div role="gridcell" {...props} />;
