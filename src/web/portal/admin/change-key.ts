import type {
  deleteAdminKeyRoute,
  disableAdminKeyRoute,
  enableAdminKeyRoute,
  FreshAdminKeyView,
  rotateAdminKeyRoute,
} from "../../../resources/admin-keys/schema.ts";
import { call } from "../api.ts";

/** Changes a key; a rotated one comes back with its new text. Rejects with `Problem`. */
export const changeKey = async (
  id: string,
  change: "enable" | "disable" | "rotate" | "delete",
): Promise<FreshAdminKeyView | null> => {
  const params = { id };
  if (change === "rotate") {
    const path = "/api/admin/keys/{id}/rotate" as const;
    return (await call<typeof rotateAdminKeyRoute>({ method: "post", path, params })).data;
  }
  if (change === "enable")
    await call<typeof enableAdminKeyRoute>({ method: "post", path: "/api/admin/keys/{id}/enable", params });
  if (change === "disable")
    await call<typeof disableAdminKeyRoute>({ method: "post", path: "/api/admin/keys/{id}/disable", params });
  if (change === "delete")
    await call<typeof deleteAdminKeyRoute>({ method: "delete", path: "/api/admin/keys/{id}", params });
  return null;
};
