/**
 * Which arguments the running guacd named last, by its protocols: what a new session asks for in vain can be said before
 * guacd is asked again. Nothing is known of a protocol before its first handshake.
 */
export class LastArguments {
  readonly #names = new Map<string, ReadonlySet<string>>();

  remember(protocol: string, argNames: readonly string[]): void {
    this.#names.set(protocol, new Set(argNames));
  }

  /** The names in `args` that guacd will pass over, as far as it is known. */
  ignoredOf({ protocol, args }: { protocol: string; args: Readonly<Record<string, string>> }): readonly string[] {
    const known = this.#names.get(protocol);
    return known ? Object.keys(args).filter((name) => !known.has(name)) : [];
  }
}
