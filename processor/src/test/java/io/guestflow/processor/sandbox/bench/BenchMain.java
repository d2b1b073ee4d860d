package io.guestflow.processor.sandbox.bench;

import io.guestflow.processor.sandbox.bench.analytics.AnalyticsBench;
import io.guestflow.processor.sandbox.bench.auth.AuthBench;
import io.guestflow.processor.sandbox.bench.sessions.SessionsBench;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a benchmark by its name. Exit codes: 0 measured, 1 something broke or a checked bound was missed, 2 usage.
 */
public final class BenchMain {
    private static final Map<String, Benchmark> BENCHMARKS = new TreeMap<>(
            Map.of("analytics", new AnalyticsBench(), "auth", new AuthBench(), "sessions", new SessionsBench()));

    private BenchMain() {}

    /** System property {@code bench.checkout}: the root of the repository, the working directory unless set. */
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> args) {
        if (args.isEmpty()) {
            System.err.print(usage());
            return 2;
        }
        if (args.getFirst().equals("--help") || args.getFirst().equals("-h")) {
            System.out.print(usage());
            return 0;
        }
        Benchmark benchmark = BENCHMARKS.get(args.getFirst());
        if (benchmark == null) {
            System.err.print("bench: there is no benchmark '" + args.getFirst() + "'\n" + usage());
            return 2;
        }
        List<String> options = args.subList(1, args.size());
        if (options.contains("--help") || options.contains("-h")) {
            System.out.print(benchmark.usage());
            return 0;
        }
        try {
            Path checkout = Path.of(System.getProperty("bench.checkout", "")).toAbsolutePath();
            return benchmark.run(new BenchPlace(checkout), options) ? 0 : 1;
        } catch (UsageException wrong) {
            System.err.print("bench: " + wrong.getMessage() + "\n" + benchmark.usage());
            return 2;
        } catch (Exception broken) {
            System.err.println("bench " + args.getFirst() + " broke: " + broken.getMessage());
            Arrays.stream(broken.getStackTrace()).limit(12).forEach(at -> System.err.println("    at " + at));
            return 1;
        }
    }

    private static String usage() {
        var text = new StringBuilder("usage: scripts/bench NAME [OPTION]...   (NAME --help shows its options)\n");
        BENCHMARKS.forEach((name, benchmark) -> text.append("  %-10s %s%n".formatted(name, benchmark.summary())));
        return text.toString();
    }
}
