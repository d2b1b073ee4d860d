package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Benchmark;
import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.ResultFile;
import java.nio.file.Path;
import java.util.List;

/** {@code bench auth}. */
public final class AuthBench implements Benchmark {

    @Override
    public String summary() {
        return "authentication: added latency, highest rate held, memory, start";
    }

    @Override
    public String usage() {
        return AuthBenchOptions.USAGE;
    }

    @Override
    public boolean run(BenchPlace place, List<String> arguments) throws Exception {
        AuthBenchOptions options = AuthBenchOptions.parse(arguments);
        Path dir = place.newRun("auth");
        AuthFigures figures;
        try (Children children = Children.ofThisRun()) {
            figures = new AuthRun(options, place, dir, children).measure();
        }
        Path file = ResultFile.write(dir, figures);
        System.out.print(AuthTable.of(figures));
        System.out.println("\nfigures in " + file + ", output of the processes in " + dir);
        boolean missed = figures.bounds().stream().anyMatch(Bound::isMissed);
        return figures.broken().isEmpty() && !(options.check() && missed);
    }
}
