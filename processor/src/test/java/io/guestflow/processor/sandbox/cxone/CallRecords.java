package io.guestflow.processor.sandbox.cxone;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What was called and what was answered.
 *
 * <p>Threading: any thread.
 */
final class CallRecords {

    private static final int LOGGED = 50_000;

    private static final class PerEndpoint {
        final LongAdder arrived = new LongAdder();
        final LongAdder serviceNanos = new LongAdder();
        final AtomicInteger inFlight = new AtomicInteger();
        final AtomicInteger mostInFlight = new AtomicInteger();
        final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();
        volatile @Nullable Received last;
    }

    private final Map<Endpoint, PerEndpoint> endpoints = new EnumMap<>(Endpoint.class);
    private final Deque<Call> log = new ArrayDeque<>();
    private final LongAdder strays = new LongAdder();

    CallRecords() {
        for (Endpoint endpoint : Endpoint.values()) {
            endpoints.put(endpoint, new PerEndpoint());
        }
    }

    void arrived(Endpoint endpoint, Request request) {
        PerEndpoint calls = of(endpoint);
        calls.arrived.increment();
        calls.last = Received.of(request);
        int inFlight = calls.inFlight.incrementAndGet();
        calls.mostInFlight.accumulateAndGet(inFlight, Math::max);
    }

    void answered(Call call) {
        PerEndpoint calls = of(call.endpoint());
        calls.inFlight.decrementAndGet();
        calls.serviceNanos.add(call.serviceNanos());
        calls.byStatus.computeIfAbsent(call.status(), status -> new LongAdder()).increment();
        synchronized (log) {
            if (log.size() == LOGGED) {
                log.removeFirst();
            }
            log.addLast(call);
        }
    }

    void stray() {
        strays.increment();
    }

    long strays() {
        return strays.sum();
    }

    long calls(Endpoint endpoint) {
        return of(endpoint).arrived.sum();
    }

    long calls(Endpoint endpoint, int status) {
        LongAdder adder = of(endpoint).byStatus.get(status);
        return adder == null ? 0 : adder.sum();
    }

    SortedMap<Integer, Long> byStatus(Endpoint endpoint) {
        SortedMap<Integer, Long> sums = new TreeMap<>();
        of(endpoint).byStatus.forEach((status, adder) -> sums.put(status, adder.sum()));
        return sums;
    }

    long serviceNanos(Endpoint endpoint) {
        return of(endpoint).serviceNanos.sum();
    }

    int inFlight(Endpoint endpoint) {
        return of(endpoint).inFlight.get();
    }

    int mostInFlight(Endpoint endpoint) {
        return of(endpoint).mostInFlight.get();
    }

    @Nullable
    Received last(Endpoint endpoint) {
        return of(endpoint).last;
    }

    List<Call> log() {
        synchronized (log) {
            return new ArrayList<>(log);
        }
    }

    void reset() {
        for (PerEndpoint calls : endpoints.values()) {
            calls.arrived.reset();
            calls.serviceNanos.reset();
            calls.mostInFlight.set(0);
            calls.byStatus.clear();
            calls.last = null;
        }
        strays.reset();
        synchronized (log) {
            log.clear();
        }
    }

    private PerEndpoint of(Endpoint endpoint) {
        PerEndpoint calls = endpoints.get(endpoint);
        if (calls == null) {
            throw new IllegalStateException("no records for " + endpoint);
        }
        return calls;
    }
}
