package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.facts.FactIds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Facts as guests leave them: each is authenticated and given context, has a session, writes some fifteen messages with
 * its counterpart, is refreshed once, and ends; one in twenty-five is not authenticated. Many at the same time, each in a
 * partition of its own and on one of the channels. No two facts have the same id, whatever the flow.
 *
 * <p>Threading: one thread.
 */
final class FactFlow {
    private static final int AT_ONCE_LEAST = 2_000;
    /** So that every channel is heard of in every window, and hardly two facts of it in the same partition. */
    private static final int AT_ONCE_ON_A_CHANNEL = 12;

    private static final double NOT_AUTHENTICATED = 0.04;
    /** The first steps are authentication's. */
    private static final int OF_SESSION = 3;

    private static final int MESSAGES_LEAST = 8;
    private static final int MESSAGES_SPREAD = 14;
    /** Guests write more than they are answered. */
    private static final double INBOUND = 0.6;

    private static final double EXPIRING = 0.3;
    private static final double MEDIAN_LATENCY_MS = 150;
    private static final double MEDIAN_DURATION_MS = 240_000;
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final List<String> SEGMENTS = List.of("anonymous", "returning", "customer");
    private static final List<String> CAMPAIGNS = List.of("organic", "newsletter", "search", "partner");
    private static final List<String> CONTEXT_KEYS = List.of("segment", "campaign", "device");
    private static final List<ErrorCode> REFUSALS = List.of(
            ErrorCode.CONSENT_REQUIRED,
            ErrorCode.CONTEXT_NOT_ALLOWED,
            ErrorCode.UPSTREAM_ERROR,
            ErrorCode.RATE_LIMITED);

    private final SplittableRandom random = new SplittableRandom();
    private final int partitions;
    private final int channels;
    private final @Nullable Guest[] guests;
    /** Of causes; no flow begins where another one does, so that no fact of one has the id of another one's. */
    private long offset = random.nextLong(1L << 40);

    private long guestsSeen;

    FactFlow(int partitions, int channels) {
        this.partitions = partitions;
        this.channels = channels;
        this.guests = new Guest[Math.max(AT_ONCE_LEAST, AT_ONCE_ON_A_CHANNEL * channels)];
    }

    /**
     * A fact and where it lies.
     *
     * @param channel the number of its channel
     * @param counted whether windows count it
     */
    record Told(int partition, int channel, boolean counted, Fact fact) {}

    /** What a channel is called. */
    static String channelId(int channel) {
        return "web-messaging-channel-%05d".formatted(channel);
    }

    /** The next fact, of any of the guests. */
    Told next(Instant at) {
        int place = random.nextInt(guests.length);
        Guest guest = guests[place];
        if (guest == null || guest.gone) {
            guest = new Guest();
            guests[place] = guest;
        }
        Fact fact = guest.next(at);
        boolean counted = !(fact instanceof Fact.ContextInjected || fact instanceof Fact.SessionExpiring);
        return new Told(guest.partition, guest.channel, counted, fact);
    }

    private String random() {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Half of them below the median, one in a hundred ten times above it. */
    private long about(double median) {
        return Math.round(median * Math.exp(random.nextGaussian()));
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private final class Guest {
        private final int partition = random.nextInt(partitions);
        private final int channel = (int) (guestsSeen++ % channels);
        private final String guestRef = "k1." + random();
        private final String conversationId = new UUID(random.nextLong(), random.nextLong()).toString();
        private final String requestId = new UUID(random.nextLong(), random.nextLong()).toString();
        private final Dimensions dimensions = new Dimensions(channelId(channel), oneOf(SEGMENTS), oneOf(CAMPAIGNS));
        private final int messages = MESSAGES_LEAST + random.nextInt(MESSAGES_SPREAD);
        private final boolean warned = random.nextDouble() < EXPIRING;
        private int step;
        private int inbound;
        private int outbound;
        private boolean gone;
        /** Of the fact that is being made. */
        private Source cause = auth();

        Fact next(Instant at) {
            int now = step++;
            cause = now < OF_SESSION ? auth() : session();
            if (now == 0) {
                return random.nextDouble() < NOT_AUTHENTICATED ? refused(at) : succeeded(at);
            }
            if (now == 1) {
                return new Fact.ContextInjected(
                        id("ContextInjected", 0),
                        at,
                        guestRef,
                        dimensions,
                        cause,
                        requestId,
                        1,
                        conversationId,
                        CONTEXT_KEYS,
                        1);
            }
            if (now == 2) {
                return new Fact.SessionOpened(
                        id("SessionOpened", 0),
                        at,
                        guestRef,
                        dimensions,
                        cause,
                        conversationId,
                        requestId,
                        1,
                        at,
                        at.plus(LIFETIME));
            }
            int told = inbound + outbound;
            // Once, in the middle.
            if (now == 3 + messages / 2) {
                return new Fact.SessionRefreshed(
                        id("SessionRefreshed", 0),
                        at,
                        guestRef,
                        dimensions,
                        cause,
                        conversationId,
                        at.plus(LIFETIME),
                        at.plus(LIFETIME.dividedBy(6)),
                        1,
                        1,
                        false,
                        true);
            }
            if (told < messages) {
                return message(at);
            }
            if (warned && now == 4 + messages) {
                return new Fact.SessionExpiring(
                        id("SessionExpiring", 1),
                        at,
                        guestRef,
                        dimensions,
                        cause,
                        conversationId,
                        at.plusSeconds(60),
                        at);
            }
            return ended(at);
        }

        private Fact succeeded(Instant at) {
            return new Fact.AuthSucceeded(
                    id("AuthSucceeded", 0),
                    at,
                    guestRef,
                    dimensions,
                    cause,
                    requestId,
                    1,
                    conversationId,
                    at.plus(LIFETIME),
                    201,
                    about(MEDIAN_LATENCY_MS),
                    2,
                    new Consent(true, at, "v2.1"),
                    CONTEXT_KEYS,
                    List.of());
        }

        private Fact refused(Instant at) {
            gone = true;
            ErrorCode code = oneOf(REFUSALS);
            Consent consent = new Consent(true, at, "v2.1");
            return switch (code.status()) {
                case REJECTED ->
                    new Fact.AuthRejected(
                            id("AuthRejected", 0),
                            at,
                            guestRef,
                            dimensions,
                            cause,
                            requestId,
                            1,
                            code,
                            code.httpStatus(),
                            2,
                            0,
                            consent,
                            CONTEXT_KEYS,
                            List.of());
                default ->
                    new Fact.AuthFailed(
                            id("AuthFailed", 0),
                            at,
                            guestRef,
                            dimensions,
                            cause,
                            requestId,
                            1,
                            code,
                            code.httpStatus(),
                            about(MEDIAN_LATENCY_MS),
                            2,
                            consent,
                            CONTEXT_KEYS,
                            List.of());
            };
        }

        private Fact message(Instant at) {
            boolean fromGuest = random.nextDouble() < INBOUND;
            if (fromGuest) {
                inbound++;
            } else {
                outbound++;
            }
            return new Fact.MessageSeen(
                    id("MessageSeen", 0),
                    at,
                    guestRef,
                    dimensions,
                    cause,
                    conversationId,
                    fromGuest ? Direction.INBOUND : Direction.OUTBOUND);
        }

        private Fact ended(Instant at) {
            gone = true;
            long durationMs = about(MEDIAN_DURATION_MS);
            return new Fact.SessionEnded(
                    id("SessionEnded", warned ? 2 : 0),
                    at,
                    guestRef,
                    dimensions,
                    cause,
                    conversationId,
                    warned ? EndReason.IDLE : EndReason.CLOSED_UPSTREAM,
                    at.minusMillis(durationMs),
                    at,
                    durationMs,
                    1,
                    inbound,
                    outbound,
                    null,
                    null,
                    null);
        }

        /** As production makes it: of kind and cause, and of a timer's number where that is the cause. */
        private String id(String kind, int ordinal) {
            return FactIds.of(kind, cause, ordinal);
        }

        private Source auth() {
            return new Source(Topics.GUEST_AUTH_REQUESTS.name(), partition, offset++);
        }

        private Source session() {
            return new Source(Topics.SESSION_EVENTS.name(), partition, offset++);
        }
    }
}
