/** Flows in the words of OpenTelemetry. */
export { type FlowTelemetryOptions, flowTelemetry } from "./flow-telemetry.ts";
