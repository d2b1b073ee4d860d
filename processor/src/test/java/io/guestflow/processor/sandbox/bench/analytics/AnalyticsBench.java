package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Benchmark;
import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.ResultFile;
import java.nio.file.Path;
import java.util.List;

/** {@code bench analytics}. */
public final class AnalyticsBench implements Benchmark {

    @Override
    public String summary() {
        return "windows: facts and webhooks a second, lateness, state, memory with many dimensions";
    }

    @Override
    public String usage() {
        return AnalyticsBenchOptions.USAGE;
    }

    @Override
    public boolean run(BenchPlace place, List<String> arguments) throws Exception {
        AnalyticsBenchOptions options = AnalyticsBenchOptions.parse(arguments);
        Path dir = place.newRun("analytics");
        AnalyticsFigures figures;
        try (Children children = Children.ofThisRun()) {
            figures = new AnalyticsRun(options, place, dir, children).measure();
        }
        Path file = ResultFile.write(dir, figures);
        System.out.print(AnalyticsTable.of(figures));
        System.out.println("\nfigures in " + file + ", output of the processes in " + dir);
        boolean missed = figures.bounds().stream().anyMatch(Bound::isMissed);
        return figures.broken().isEmpty() && !(options.check() && missed);
    }
}
