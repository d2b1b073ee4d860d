package io.guestflow.processor.sandbox.cxone;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes one call from its arrival to what shall happen on the socket: counted, limited, spoiled or answered.
 *
 * <p>Threading: called by every connection's thread.
 */
final class Service {

    /** A call under way. */
    record Exchange(
            Endpoint endpoint,
            Instant arrivedAt,
            long startedNanos,
            @Nullable String idempotencyKey,
            @Nullable String guestId,
            int status,
            Reply reply) {}

    private static final String JSON = "application/json";

    private final InstantSource clock;
    private final Behaviour behaviour;
    private final FaultRules faults;
    private final Tenant tenant;
    private final CallRecords records;
    private final Pauses pauses;
    private final CxoneApi api;
    private final TenantLimit limit = new TenantLimit();

    Service(
            InstantSource clock,
            Behaviour behaviour,
            FaultRules faults,
            Tenant tenant,
            CallRecords records,
            Pauses pauses,
            CxoneApi api) {
        this.clock = clock;
        this.behaviour = behaviour;
        this.faults = faults;
        this.tenant = tenant;
        this.records = records;
        this.pauses = pauses;
        this.api = api;
    }

    /** The call that method and path stand for, null = there is no such call. */
    @Nullable
    Endpoint endpoint(Request request) {
        return api.endpoint(request);
    }

    Exchange begin(Endpoint endpoint, Request request) throws InterruptedException {
        long started = System.nanoTime();
        Instant arrivedAt = clock.instant();
        records.arrived(endpoint, request);
        pauses.arrived(arrivedAt);
        String key = request.header("idempotency-key");
        if (key != null) {
            tenant.countKey(key);
        }
        boolean admitted = limit.admits(behaviour.callsPerSecond, started);
        Fault fault = admitted ? faults.strike(endpoint) : new Fault.Status(429, behaviour.limitRetryAfter);
        if (fault instanceof Fault.Hang(boolean afterEffect) && !afterEffect) {
            return new Exchange(endpoint, arrivedAt, started, key, null, 0, new Reply.Silence());
        }
        if (fault instanceof Fault.Reset(boolean afterEffect) && !afterEffect) {
            return new Exchange(endpoint, arrivedAt, started, key, null, 0, new Reply.Abort());
        }
        delay();
        if (fault instanceof Fault.Status refused) {
            return new Exchange(endpoint, arrivedAt, started, key, null, refused.status(), refusal(refused));
        }
        if (fault instanceof Fault.Redirect redirect) {
            Reply reply = whole(redirect.status(), Map.of("Location", redirect.location()), new byte[0]);
            return new Exchange(endpoint, arrivedAt, started, key, null, redirect.status(), reply);
        }
        Answer answer = api.answer(endpoint, request, clock.instant());
        Reply reply = fault == null ? plain(answer) : spoilt(answer, fault);
        boolean answered = !(reply instanceof Reply.Silence || reply instanceof Reply.Abort);
        return new Exchange(endpoint, arrivedAt, started, key, answer.guestId(), answered ? answer.status() : 0, reply);
    }

    void end(Exchange exchange) {
        long nanos = System.nanoTime() - exchange.startedNanos();
        records.answered(new Call(
                exchange.arrivedAt(), exchange.endpoint(), exchange.status(), exchange.idempotencyKey(), nanos));
        if (exchange.guestId() != null) {
            tenant.countGuest(exchange.guestId(), nanos);
        }
    }

    private void delay() throws InterruptedException {
        Duration latency = behaviour.latency;
        long jitter = behaviour.jitter.toNanos();
        if (jitter > 0) {
            latency = latency.plusNanos(ThreadLocalRandom.current().nextLong(jitter));
        }
        if (latency.isPositive()) {
            Thread.sleep(latency);
        }
    }

    private Reply refusal(Fault.Status refused) {
        Map<String, String> headers = new LinkedHashMap<>();
        RetryAfter retryAfter = refused.retryAfter();
        if (retryAfter != null) {
            Instant now = clock.instant();
            headers.put("Retry-After", retryAfter.header(now));
            if (refused.status() == 429) {
                pauses.announce(now, retryAfter.pause(now));
            }
        }
        Answer answer = Answer.refusal(refused.status(), "", "refused by the simulator");
        return whole(refused.status(), headers, bytes(answer.body()));
    }

    private static Reply plain(Answer answer) {
        return whole(answer.status(), answer.headers(), bytes(answer.body()));
    }

    private static Reply spoilt(Answer answer, Fault fault) {
        byte[] body = bytes(answer.body());
        byte[] head = Answer.head(answer.status(), answer.headers(), JSON, body.length);
        return switch (fault) {
            case Fault.HalfBody ignored -> new Reply.Half(head, body);
            case Fault.SlowDrip(Duration everyByte) -> new Reply.Drip(head, body, everyByte);
            case Fault.Hang ignored -> new Reply.Silence();
            case Fault.Reset ignored -> new Reply.Abort();
            case Fault.Body(String text) ->
                whole(answer.status(), answer.headers(), text.getBytes(StandardCharsets.UTF_8));
            case Fault.Without(String field) -> {
                ObjectNode changed = answer.body().deepCopy();
                changed.remove(field);
                yield whole(answer.status(), answer.headers(), bytes(changed));
            }
            case Fault.Replaced replaced -> {
                ObjectNode changed = answer.body().deepCopy();
                changed.set(replaced.field(), replaced.value());
                yield whole(answer.status(), answer.headers(), bytes(changed));
            }
            case Fault.Padded(int blanks) -> {
                byte[] padded = new byte[blanks + body.length];
                Arrays.fill(padded, 0, blanks, (byte) ' ');
                System.arraycopy(body, 0, padded, blanks, body.length);
                yield whole(answer.status(), answer.headers(), padded);
            }
            case Fault.Status ignored -> throw new IllegalStateException("strikes before the call takes effect");
            case Fault.Redirect ignored -> throw new IllegalStateException("strikes before the call takes effect");
        };
    }

    private static Reply whole(int status, Map<String, String> headers, byte[] body) {
        return new Reply.Whole(Answer.head(status, headers, JSON, body.length), body);
    }

    private static byte[] bytes(ObjectNode body) {
        return CxoneApi.JSON.writeValueAsBytes(body);
    }
}
