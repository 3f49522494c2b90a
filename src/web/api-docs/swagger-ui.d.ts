/** The little that we use of Swagger UI; the package brings no types. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  /** Makes a component that takes the place of one of Swagger UI's, with the React inside of it. */
  export type Wrapper = (
    original: unknown,
    system: { React: { createElement(tag: "span", attributes: object, text: string | undefined): object } },
  ) => (properties: { text?: string }) => object | null;
  export default function SwaggerUI(options: {
    domNode: HTMLElement;
    url: string;
    /** Methods that get a "Try it out". */
    supportedSubmitMethods: string[];
    /** A service that judges the document; null: none. */
    validatorUrl: string | null;
    deepLinking: boolean;
    docExpansion: "list" | "full" | "none";
    defaultModelsExpandDepth: number;
    plugins: { wrapComponents: Record<string, Wrapper> }[];
  }): void;
}
