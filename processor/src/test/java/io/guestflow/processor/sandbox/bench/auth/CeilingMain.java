package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.context.AllowedKey;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.effects.cxone.Answer;
import io.guestflow.processor.effects.cxone.CallContext;
import io.guestflow.processor.effects.cxone.ContextHeaders;
import io.guestflow.processor.effects.cxone.Conversation;
import io.guestflow.processor.effects.cxone.CreateConversation;
import io.guestflow.processor.effects.cxone.CxoneClient;
import io.guestflow.processor.effects.cxone.GuestApi;
import io.guestflow.processor.effects.cxone.HttpSettings;
import io.guestflow.processor.effects.cxone.InjectContext;
import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What HTTP alone allows, in a process of its own like the processor: the processor's CXone client makes the same two
 * calls for each guest on a virtual thread, as many guests at once as effects would have, always as many, without Kafka.
 * Prints {@code ceiling guests=N failed=N nanos=N}.
 */
final class CeilingMain {
    static final String SAYS = "ceiling ";

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final List<String> PRIORITY =
            AllowedKeys.DEFAULTS.stream().map(AllowedKey::name).toList();

    private final GuestApi cxone;
    private final Semaphore room;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private CeilingMain(GuestApi cxone, int inFlight) {
        this.cxone = cxone;
        this.room = new Semaphore(inFlight);
    }

    /** What it is started with. */
    record Arguments(URI baseUrl, int inFlight, Duration warmUp, Duration length) {
        List<String> toList() {
            return List.of(baseUrl.toString(), Integer.toString(inFlight), warmUp.toString(), length.toString());
        }

        static Arguments of(String... args) {
            return new Arguments(
                    URI.create(args[0]), Integer.parseInt(args[1]), Duration.parse(args[2]), Duration.parse(args[3]));
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Arguments arguments = Arguments.of(args);
        HttpSettings settings = HttpSettings.of(arguments.baseUrl(), "bench", "bench-secret", List.of("bench"));
        try (CxoneClient client =
                CxoneClient.start(settings, 0, InstantSource.system(), new SimpleMeterRegistry(), until -> {})) {
            new CeilingMain(client.guests(), arguments.inFlight()).run(arguments);
        }
        System.exit(0);
    }

    private void run(Arguments arguments) throws InterruptedException {
        Thread feeder = Thread.ofPlatform().daemon().start(this::feed);
        TimeUnit.NANOSECONDS.sleep(arguments.warmUp().toNanos());
        long from = System.nanoTime();
        long before = done.get();
        TimeUnit.NANOSECONDS.sleep(arguments.length().toNanos());
        long guests = done.get() - before;
        long nanos = System.nanoTime() - from;
        feeder.interrupt();
        System.out.println(SAYS + "guests=" + guests + " failed=" + failed.get() + " nanos=" + nanos);
    }

    private void feed() {
        String run = "ceiling-" + ProcessHandle.current().pid() + "-";
        try {
            for (long i = 0; ; i++) {
                room.acquire();
                String requestId = run + i;
                Thread.ofVirtual().start(() -> guest(requestId));
            }
        } catch (InterruptedException over) {
            // Measured; what is still under way ends with the process.
        }
    }

    private void guest(String requestId) {
        try {
            var call = new CallContext(InstantSource.system().instant().plus(TIMEOUT), null, null);
            if (authenticate(requestId, call)) {
                done.incrementAndGet();
            } else {
                failed.incrementAndGet();
            }
        } finally {
            room.release();
        }
    }

    private boolean authenticate(String requestId, CallContext call) {
        Answer<Conversation> created = cxone.create(
                new CreateConversation(
                        GuestAuthWorkload.CHANNEL,
                        GuestAuthWorkload.guestOf(requestId),
                        Instant.EPOCH,
                        "v2.1",
                        requestId + ".create"),
                call);
        if (!(created instanceof Answer.Success<Conversation> success)) {
            return false;
        }
        var encoded = io.guestflow.processor.context.ContextHeaders.encode(GuestAuthWorkload.CONTEXT, PRIORITY);
        return cxone.injectContextOnce(
                        new InjectContext(
                                success.value().id(),
                                GuestAuthWorkload.CONTEXT,
                                new ContextHeaders(encoded.niceContext(), encoded.botVariables()),
                                requestId + ".context"),
                        call)
                instanceof Answer.Success<?>;
    }
}
