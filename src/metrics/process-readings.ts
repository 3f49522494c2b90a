import { readdir, readFile } from "node:fs/promises";
import type { Metric } from "./metric.ts";
import { reading } from "./reading.ts";

const microsecondsPerSecond = 1_000_000;

/** The process itself, under the names that Prometheus' own clients use. */
export const processReadings = (): readonly Metric[] => [
  reading("counter", "process_cpu_seconds_total", "CPU time, user and system, in seconds.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / microsecondsPerSecond;
  }),
  reading("gauge", "process_start_time_seconds", "When the process started, in seconds since the Unix epoch.", () =>
    Math.round(performance.timeOrigin / 1000),
  ),
  reading("gauge", "process_resident_memory_bytes", "Memory that the process has in RAM.", () =>
    process.memoryUsage.rss(),
  ),
  reading("gauge", "process_open_fds", "Open files and sockets.", async () => {
    const names = await readdir("/proc/self/fd").catch(() => null);
    return names?.length ?? null;
  }),
  reading("gauge", "process_max_fds", "Most open files and sockets that the system allows.", async () => {
    const limits = await readFile("/proc/self/limits", "latin1").catch(() => "");
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? null : Number(soft);
  }),
  reading("gauge", "nodejs_heap_size_used_bytes", "JavaScript heap in use.", () => process.memoryUsage().heapUsed),
  reading(
    "gauge",
    "nodejs_heap_size_total_bytes",
    "JavaScript heap that is reserved.",
    () => process.memoryUsage().heapTotal,
  ),
  reading(
    "gauge",
    "nodejs_external_memory_bytes",
    "Memory of buffers outside the heap.",
    () => process.memoryUsage().external,
  ),
];
