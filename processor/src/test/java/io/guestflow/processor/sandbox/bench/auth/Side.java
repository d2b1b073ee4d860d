package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.util.List;
import java.util.function.ToLongFunction;

/** One of the two that are compared: the floor or the system. */
interface Side {

    String name();

    LoadClient load();

    /** The topic that plays the hop's part. */
    String topic(Hop hop);

    long pid();

    long rssBytes();

    /** Called before each run. */
    void reset();

    /** What of a run's latencies others are responsible for, in nanoseconds by request id. */
    ToLongFunction<String> notOurs();

    /** What broke in the run, one line each; nothing if nothing did. */
    List<String> defects(LoadReport report);
}
