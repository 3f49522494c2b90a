import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface TestCertificate {
  readonly certPath: string;
  readonly keyPath: string;
  readonly pem: string;
  readonly key: string;
}

/** Makes certificates in a folder of its own, and an authority that signs them when asked to. */
export interface CertificateMaker {
  /** The authority's own certificate. */
  readonly authority: TestCertificate;
  /** For names such as `DNS:desk.example` or `IP:10.0.0.1`. Valid for two days, or for no day any more with -1. */
  signed(names: readonly string[], days?: number): Promise<TestCertificate>;
  selfSigned(): Promise<TestCertificate>;
  remove(): Promise<void>;
}

export const startCertificateMaker = async (): Promise<CertificateMaker> => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-certificates-"));
  let count = 0;
  const make = async (sign: (paths: { key: string; cert: string }) => Promise<unknown>): Promise<TestCertificate> => {
    count++;
    const [keyPath, certPath] = [join(folder, `${count}.key`), join(folder, `${count}.pem`)];
    await sign({ key: keyPath, cert: certPath });
    const [pem, key] = await Promise.all([readFile(certPath, "utf8"), readFile(keyPath, "utf8")]);
    return { certPath, keyPath, pem, key };
  };
  const own = (subject: string, isAuthority: boolean) =>
    make(({ key, cert }) =>
      openssl("req", "-x509", ...newKey(key, subject), "-days", "2", "-addext", basic(isAuthority), "-out", cert),
    );
  const authority = await own("Test authority", true);
  return {
    authority,
    signed: (names, days = 2) =>
      make(async ({ key, cert }) => {
        const asked = `${cert}.csr`;
        const extensions = ["-addext", `subjectAltName=${names.join(",")}`, "-addext", basic(false)];
        await openssl("req", "-new", ...newKey(key, "Test desktop"), ...extensions, "-out", asked);
        const signer = ["-CA", authority.certPath, "-CAkey", authority.keyPath, "-copy_extensions", "copy"];
        await openssl("x509", "-req", "-in", asked, ...signer, "-days", String(days), "-out", cert);
      }),
    selfSigned: () => own("127.0.0.1", false),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

const openssl = (...words: string[]) => run("openssl", words);

const newKey = (path: string, subject: string): string[] => [
  ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path],
  ...["-subj", `/CN=${subject}`],
];

const basic = (isAuthority: boolean): string => `basicConstraints=critical,CA:${isAuthority ? "TRUE" : "FALSE"}`;
