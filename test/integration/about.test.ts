import { expect, onTestFinished, test } from "vitest";
import { version } from "../../src/core/version.ts";
import { guacdWarning, readGuacdVersion } from "../../src/guacd/guacd-binary.ts";
import { guacdPath } from "../support/guacd.ts";
import { send } from "../support/http.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const start = async (environment: Record<string, string> = {}) => {
  const gateway = await startTestGateway(environment);
  onTestFinished(() => gateway.close());
  const { cookie } = await gateway.signIn("operator");
  const about = async () => JSON.parse((await send(`${gateway.url}/api/about`, { headers: { cookie } })).text);
  return { gateway, about };
};

test("a managed guacd's version is told, with the warning that it deserves", async () => {
  const { gateway, about } = await start();
  await gateway.guacdSession();
  const own = await readGuacdVersion(await guacdPath());
  const guacd = { managed: true, version: own, warning: guacdWarning(own) };
  expect(await about()).toEqual({ version, node: process.versions.node, guacd });
});

test("of a guacd by address nothing is told, its address neither", async () => {
  const { about } = await start({ SALLYPORT_GUACD_ADDRESSES: "127.0.0.1:1" });
  expect((await about()).guacd).toEqual({ managed: false, version: null, warning: null });
});
