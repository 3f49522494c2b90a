import "../tokens.css";
import "swagger-ui-dist/swagger-ui.css";
import "./api-docs.css";
import SwaggerUI, { type Wrapper } from "swagger-ui-dist/swagger-ui-es-bundle.js";

const nothing: Wrapper = () => () => null;

/** The link lies inside of a button that does the same, which a screen reader cannot tell apart. */
const textOfLink: Wrapper =
  (_, { React }) =>
  ({ text }) =>
    React.createElement("span", {}, text);

/**
 * The OpenAPI document, to be read. "Try it out" and "Authorize" are off: a key should not be typed into a program that is
 * not ours, and a click in a description should not end a session.
 */
const show = (place: HTMLElement): void => {
  const link = document.createElement("a");
  link.href = "/";
  link.textContent = "To the start page";
  const navigation = document.createElement("nav");
  navigation.append(link);
  const reader = document.createElement("div");
  place.append(navigation, reader);
  SwaggerUI({
    domNode: reader,
    url: "/api/v1/api-docs",
    supportedSubmitMethods: [],
    validatorUrl: null,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    plugins: [{ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing, DeepLink: textOfLink } }],
  });
};

/** Swagger UI knows the dark scheme by a class; ours is an attribute that the page's first script keeps. */
const followScheme = (page: HTMLElement): void => {
  const paint = () => page.classList.toggle("dark-mode", page.dataset.mantineColorScheme === "dark");
  paint();
  new MutationObserver(paint).observe(page, { attributeFilter: ["data-mantine-color-scheme"] });
};

followScheme(document.documentElement);
show(document.querySelector<HTMLElement>("#root") ?? document.body);
