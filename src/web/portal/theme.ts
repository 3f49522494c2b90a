import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const allShades = (token: string): MantineColorsTuple => {
  const color = `var(--sp-${token})`;
  return [color, color, color, color, color, color, color, color, color, color];
};

/**
 * Filled parts take their label from the token that goes with the fill: Mantine's own contrast cannot see through a
 * CSS variable and would leave white labels on the light accent of the dark scheme.
 */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant === "filled") return { ...colors, color: "var(--sp-on-accent)" };
  if (input.variant === "subtle") return { ...colors, hover: "var(--sp-sunken)" };
  if (input.variant === "default") return { ...colors, color: "var(--sp-text)" };
  return colors;
};

export const theme = createTheme({
  fontFamily: "var(--sp-font)",
  fontFamilyMonospace: "var(--sp-mono)",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.333", sm: "1.385", md: "1.429", lg: "1.5", xl: "1.4" },
  spacing: { xs: "0.25rem", sm: "0.5rem", md: "0.75rem", lg: "1rem", xl: "1.5rem" },
  radius: {
    xs: "var(--sp-radius-chip)",
    sm: "var(--sp-radius-control)",
    md: "var(--sp-radius-control)",
    lg: "var(--sp-radius-card)",
    xl: "var(--sp-radius-session)",
  },
  defaultRadius: "sm",
  colors: { accent: allShades("accent"), bad: allShades("bad") },
  primaryColor: "accent",
  variantColorResolver,
  cursorType: "pointer",
  respectReducedMotion: true,
});

const colors = {
  "--mantine-color-body": "var(--sp-surface)",
  "--mantine-color-text": "var(--sp-text)",
  "--mantine-color-bright": "var(--sp-text)",
  "--mantine-color-dimmed": "var(--sp-text3)",
  "--mantine-color-placeholder": "var(--sp-text3)",
  "--mantine-color-anchor": "var(--sp-accent)",
  "--mantine-color-error": "var(--sp-bad)",
  "--mantine-color-success": "var(--sp-ok)",
  "--mantine-color-default": "var(--sp-surface)",
  "--mantine-color-default-hover": "var(--sp-sunken)",
  "--mantine-color-default-color": "var(--sp-text)",
  "--mantine-color-default-border": "var(--sp-control)",
  "--mantine-color-disabled": "var(--sp-sunken)",
  "--mantine-color-disabled-color": "var(--sp-text3)",
  "--mantine-color-disabled-border": "var(--sp-line)",
  "--mantine-color-accent-filled": "var(--sp-accent)",
  "--mantine-color-accent-filled-hover": "var(--sp-accent-hover)",
  "--mantine-color-bad-filled": "var(--sp-bad)",
  "--mantine-color-bad-filled-hover": "color-mix(in srgb, var(--sp-bad), var(--sp-text) 15%)",
};

/** Mantine's colours are the tokens in both schemes; the tokens themselves change with the scheme. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({ variables: {}, light: colors, dark: colors });
