import { v7, validate } from "uuid";

/** A new row or session id: UUID version 7 (RFC 9562), so that rows sort by their making. Never a capability. */
export const newId = (): string => v7();

/** Whether `text` is a UUID in its canonical form. */
export const isId = (text: string): boolean => validate(text) && text === text.toLowerCase();
