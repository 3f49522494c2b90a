/**
 * The query of a WebSocket's address without the client's connect data, which guacamole-common-js appends behind another
 * `?`. Of a name that is given twice, `get` takes the first.
 */
export const socketQuery = (url: string): URLSearchParams =>
  new URLSearchParams(new URL(url).search.slice(1).split("?", 1)[0]);
