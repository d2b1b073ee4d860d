package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.BenchPlace;
import io.guestflow.processor.sandbox.bench.Benchmark;
import io.guestflow.processor.sandbox.bench.Bound;
import io.guestflow.processor.sandbox.bench.Children;
import io.guestflow.processor.sandbox.bench.ResultFile;
import java.nio.file.Path;
import java.util.List;

/** {@code bench sessions}. */
public final class SessionsBench implements Benchmark {

    @Override
    public String summary() {
        return "sessions: cost and lateness of timers, webhooks a second, memory, restore";
    }

    @Override
    public String usage() {
        return SessionsBenchOptions.USAGE;
    }

    @Override
    public boolean run(BenchPlace place, List<String> arguments) throws Exception {
        SessionsBenchOptions options = SessionsBenchOptions.parse(arguments);
        Path dir = place.newRun("sessions");
        SessionsFigures figures;
        try (Children children = Children.ofThisRun()) {
            figures = new SessionsRun(options, place, dir, children).measure();
        }
        Path file = ResultFile.write(dir, figures);
        System.out.print(SessionsTable.of(figures));
        System.out.println("\nfigures in " + file + ", output of the processes in " + dir);
        boolean missed = figures.bounds().stream().anyMatch(Bound::isMissed);
        return figures.broken().isEmpty() && !(options.check() && missed);
    }
}
