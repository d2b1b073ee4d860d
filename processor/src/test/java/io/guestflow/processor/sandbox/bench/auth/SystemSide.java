package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.ProcessorProcess;
import io.guestflow.processor.sandbox.bench.SimulatorProcess;
import io.guestflow.processor.sandbox.cxone.Guest;
import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The processor and its load. */
final class SystemSide implements Side, AutoCloseable {
    private static final int CALLS_PER_GUEST = 2;
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

    private final ProcessorProcess processor;
    private final SimulatorProcess simulator;
    private final LoadClient load;
    private @Nullable Map<String, Guest> guests;
    private int tokenCallsBefore;

    /** Takes over a processor that is ready. */
    SystemSide(ProcessorProcess processor, SimulatorProcess simulator, LoadClient load) {
        this.processor = processor;
        this.simulator = simulator;
        this.load = load;
    }

    @Override
    public String name() {
        return "system";
    }

    @Override
    public LoadClient load() {
        return load;
    }

    @Override
    public String topic(Hop hop) {
        return hop.system();
    }

    @Override
    public long pid() {
        return processor.pid();
    }

    @Override
    public long rssBytes() {
        return processor.rssBytes();
    }

    @Override
    public void reset() {
        guests = null;
        tokenCallsBefore += simulator.tokenCalls();
        simulator.reset();
    }

    /**
     * The simulator's own time: what it measured for each guest's calls, from a call read to its answer written. That is
     * its 60 ms a call and what it spent on them; what the network and our client spend counts as the system's.
     */
    @Override
    public ToLongFunction<String> notOurs() {
        Map<String, Guest> served = guests();
        return requestId -> {
            Guest guest = served.get(GuestAuthWorkload.guestOf(requestId));
            return guest == null ? 0 : guest.serviceNanos();
        };
    }

    @Override
    public List<String> defects(LoadReport report) {
        List<String> defects = new ArrayList<>();
        if (!report.counts().clean()) {
            defects.add("not every request got exactly its one right answer: " + report);
        }
        long repeated = guests().values().stream()
                .filter(guest -> guest.calls() != CALLS_PER_GUEST || guest.conversations() != 1)
                .count();
        if (repeated > 0) {
            defects.add(repeated + " guests did not cost exactly one conversation and two calls");
        }
        return defects;
    }

    /** Token calls of the processor's whole life. */
    int tokenCalls() {
        return tokenCallsBefore + simulator.tokenCalls();
    }

    /** SIGTERM; returns when it has ended well. */
    void stop() {
        stop(processor);
    }

    /** SIGTERM; returns when it has ended well. */
    static void stop(ProcessorProcess processor) {
        processor.sigterm();
        int code = processor.awaitExit(STOPS_WITHIN);
        if (code != 0) {
            throw new IllegalStateException(
                    "the processor ended with " + code + " on SIGTERM; see " + processor.stderr());
        }
    }

    @Override
    public void close() {
        load.close();
        processor.close();
    }

    private Map<String, Guest> guests() {
        if (guests == null) {
            guests = simulator.guests();
        }
        return guests;
    }
}
