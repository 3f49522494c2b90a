/** What the gateway's sentence tells of a hop. */
export interface HopDetail {
  /** From 1. */
  readonly number: number;
  readonly host: string;
  readonly why: string;
}

/** Reads `Hop 2, db-gw: why`; null for a sentence about anything else. */
export const hopDetail = (detail: string | null): HopDetail | null => {
  const [, number, host, why] = /^Hop (\d), (\S+): (.+)$/s.exec(detail ?? "") ?? [];
  return host === undefined || why === undefined ? null : { number: Number(number), host, why };
};
