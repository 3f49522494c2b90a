import type { Socket } from "node:net";

/** The connections of a proxy: when one side of a pair closes, so does the other. */
export const socketPairs = () => {
  const open = new Set<Socket>();
  const keep = (socket: Socket, other: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      open.delete(socket);
      other.destroy();
    });
  };
  return {
    open,
    tie: (near: Socket, far: Socket): void => {
      keep(near, far);
      keep(far, near);
    },
    cut: (): void => {
      for (const socket of open) socket.destroy();
    },
  };
};
