package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.processor.sandbox.bench.Findings;
import io.guestflow.processor.sandbox.bench.Percentiles;
import io.guestflow.processor.sandbox.bench.SimulatorProcess;
import io.guestflow.processor.sandbox.cxone.Guest;
import io.guestflow.processor.sandbox.load.Arrivals;
import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.guestflow.processor.sandbox.load.LoadClient;
import io.guestflow.processor.sandbox.load.LoadReport;
import java.time.Duration;
import java.util.Map;

/** Authentications at a low rate, and what they take beyond the simulator's own time. */
final class AuthMeanwhile implements AutoCloseable {
    static final int RATE = 50;

    private static final Duration CALLERS_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final LoadClient load;
    private final SimulatorProcess simulator;
    private final Findings findings;

    AuthMeanwhile(String bootstrap, SimulatorProcess simulator, Findings findings) {
        this.load = LoadClient.connect(bootstrap, new GuestAuthWorkload(CALLERS_TIMEOUT));
        this.simulator = simulator;
        this.findings = findings;
    }

    /** Added latency over that length; the first seconds do not count. */
    Percentiles measure(String what, Duration length) throws InterruptedException {
        LoadReport report = load.run(LoadClient.Plan.of(Arrivals.poisson(RATE, length.plus(SETTLE), RATE), SETTLE));
        findings.check(RATE + " authentications/s, " + what, report);
        Map<String, Guest> guests = simulator.guests();
        return Percentiles.of(report.latenciesBeyond(requestId -> {
            Guest guest = guests.get(GuestAuthWorkload.guestOf(requestId));
            return guest == null ? 0 : guest.serviceNanos();
        }));
    }

    @Override
    public void close() {
        load.close();
    }
}
