package io.guestflow.processor.sandbox.cxone;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bearer tokens that are good.
 *
 * <p>Threading: any thread.
 */
final class Tokens {

    private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
    private final AtomicInteger issued = new AtomicInteger();

    String issue(Instant now, Duration lifetime) {
        byte[] noise = new byte[12];
        ThreadLocalRandom.current().nextBytes(noise);
        String token = "sim-" + issued.incrementAndGet() + "-" + HexFormat.of().formatHex(noise);
        expiries.values().removeIf(expiry -> !now.isBefore(expiry));
        expiries.put(token, now.plus(lifetime));
        return token;
    }

    boolean accepts(@Nullable String authorization, Instant now) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return false;
        }
        Instant expiry = expiries.get(authorization.substring(7));
        return expiry != null && now.isBefore(expiry);
    }

    void revokeAll() {
        expiries.clear();
    }

    int issued() {
        return issued.get();
    }

    void reset() {
        issued.set(0);
    }
}
