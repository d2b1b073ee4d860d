package io.guestflow.processor.sandbox.bench;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** One figure over several rounds: its median, and how far the rounds lie apart. */
public record Spread(double median, double least, double most) {

    /** Of at least one round. */
    public static <R> Spread of(Collection<R> rounds, ToDoubleFunction<R> figure) {
        double[] values = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (values.length == 0) {
            throw new IllegalArgumentException("no round was measured");
        }
        int middle = values.length / 2;
        double median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return new Spread(median, values[0], values[values.length - 1]);
    }
}
