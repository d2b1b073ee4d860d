package io.guestflow.processor.sandbox.bench;

import org.jspecify.annotations.Nullable;

/**
 * A figure that an issue binds.
 *
 * @param measured null if this run did not measure it
 * @param least whether the bound is the least or the most that it may be
 */
public record Bound(String name, @Nullable Double measured, double bound, boolean least, String unit) {

    public static Bound atMost(String name, @Nullable Double measured, double bound, String unit) {
        return new Bound(name, measured, bound, false, unit);
    }

    public static Bound atLeast(String name, @Nullable Double measured, double bound, String unit) {
        return new Bound(name, measured, bound, true, unit);
    }

    /** Whether it was measured and lies outside. */
    public boolean isMissed() {
        return measured != null && (least ? measured < bound : measured > bound);
    }

    /** In one line, what was missed loudly. */
    public String line() {
        String verdict = measured == null ? "not measured" : isMissed() ? "MISSED  <<<<<<" : "met";
        return "  %-52s %10s %s %8s %-6s %s"
                .formatted(
                        name,
                        measured == null ? "-" : number(measured),
                        least ? ">=" : "<=",
                        number(bound),
                        unit,
                        verdict);
    }

    private static String number(double value) {
        return value >= 100 ? "%.0f".formatted(value) : "%.2f".formatted(value);
    }
}
