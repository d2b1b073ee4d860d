package io.guestflow.processor.sandbox.bench;

import java.util.List;

/** One benchmark of {@code scripts/bench}. */
public interface Benchmark {

    /** What it measures, in a line. */
    String summary();

    /** Its options, for {@code --help}. */
    String usage();

    /**
     * Measures, prints, writes its file.
     *
     * @return whether nothing broke, and, if that was asked for, every bound was met
     * @throws UsageException when an option is wrong
     */
    boolean run(BenchPlace place, List<String> options) throws Exception;
}
