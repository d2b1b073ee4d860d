package io.guestflow.processor.session;

import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.processor.session.Injections.Injection;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import io.guestflow.processor.wire.UnreadableState;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Conversations as bytes: the form's version, what kind of state it is, and its fields in their order. By hand, because
 * every webhook reads one and writes one: that takes 1.2 µs of CPU, where JSON takes ten times as long and twice the room.
 *
 * <p>A field that is added goes to the end, under a new version; what an older version has written must stay readable.
 * But for version 1, which no release has written: it was changed under its own number, and tells not which of two forms it is.
 * Enums are stored by name, so that their order means nothing.
 */
final class StoredConversation {
    private static final int VERSION = 2;
    private static final int HELD = 1;
    private static final int LIVE = 2;
    private static final int ENDED = 3;

    private static final int IDLE = 0;
    private static final int IN_FLIGHT = 1;
    private static final int PAUSING = 2;
    private static final int REFUSED = 3;

    private static final int MAX_CONTEXT_BYTES = 1 << 20;
    private static final JsonCodec<StoredContext> CONTEXT =
            JsonCodec.stored("session-context/1", MAX_CONTEXT_BYTES, in -> new StoredContext(in.scalars("context")));

    /** Context is rare, and its values are JSON's. */
    private record StoredContext(Map<String, JsonNode> context) {
        StoredContext {
            context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
        }
    }

    private StoredConversation() {}

    static byte[] write(Conversation conversation) {
        Out out = new Out();
        out.octet(VERSION);
        switch (conversation) {
            case Held held -> {
                out.octet(HELD);
                write(out, held);
            }
            case Live live -> {
                out.octet(LIVE);
                write(out, live);
            }
            case Ended ended -> {
                out.octet(ENDED);
                write(out, ended);
            }
            case Conversation.Unknown ignored ->
                throw new IllegalArgumentException("a conversation of which nothing is known is not stored");
        }
        return out.bytes();
    }

    static Conversation read(byte[] bytes) {
        In in = new In(bytes);
        int version = in.octet();
        if (version == 1) {
            throw new UnreadableState("a stored conversation is from before the first release, which wrote two"
                    + " forms under one version: delete the state directory and the changelogs of guestflow-sessions");
        }
        if (version != VERSION) {
            throw new UnreadableState(
                    "a stored conversation has version " + version
                            + ", which this version of guestflow cannot read: start the newer one again, or delete the state and the changelogs");
        }
        int kind = in.octet();
        return switch (kind) {
            case HELD -> held(in);
            case LIVE -> live(in);
            case ENDED -> ended(in);
            default -> throw new IllegalStateException("a stored conversation is of the unknown kind " + kind);
        };
    }

    private static void write(Out out, Held held) {
        out.time(held.until());
        out.number(held.events());
        write(out, held.tally());
        out.raw(held.recent().bytes());
        out.optionalTime(held.closedAt());
        write(out, held.revocation());
        write(out, held.context());
        out.number(held.timer());
        out.time(held.since());
        out.number(held.contextDropped().size());
        held.contextDropped().forEach(out::text);
    }

    private static Held held(In in) {
        Instant until = in.time();
        int events = in.count();
        Tally tally = tally(in);
        RecentEvents recent = RecentEvents.of(in.raw());
        Instant closedAt = in.optionalTime();
        Revocation revocation = revocation(in);
        Map<String, JsonNode> context = context(in);
        long timer = in.number();
        Instant since = in.time();
        Set<String> contextDropped = new LinkedHashSet<>();
        for (int left = in.count(); left > 0; left--) {
            contextDropped.add(in.text());
        }
        return new Held(
                since,
                until,
                events,
                tally,
                recent,
                closedAt,
                revocation,
                context,
                Collections.unmodifiableSet(contextDropped),
                timer);
    }

    private static void write(Out out, Live live) {
        write(out, live.opening());
        out.text(live.guestId());
        out.optionalText(live.policyVersion());
        out.time(live.authenticatedAt());
        write(out, live.terms());
        out.octet(live.expiring() ? 1 : 0);
        write(out, live.tally());
        out.raw(live.recent().bytes());
        write(out, live.refreshing());
        write(out, live.injections());
        out.number(live.timer());
        out.time(live.lookAt());
    }

    private static Live live(In in) {
        return new Live(
                opening(in),
                in.text(),
                in.optionalText(),
                in.time(),
                terms(in),
                in.octet() == 1,
                tally(in),
                RecentEvents.of(in.raw()),
                refreshing(in),
                injections(in),
                in.number(),
                in.time());
    }

    private static void write(Out out, Ended ended) {
        write(out, ended.opening());
        write(out, ended.terms());
        write(out, ended.tally());
        out.raw(ended.recent().bytes());
        out.time(ended.endedAt());
        out.text(ended.reason().name());
        out.optionalTime(ended.upstreamUntil());
        out.optionalText(ended.closeCommandId());
        out.optionalTime(ended.closedAt());
        write(out, ended.revocation());
        out.number(ended.timer());
        out.optionalTime(ended.activeAfter());
    }

    private static Ended ended(In in) {
        Opening opening = opening(in);
        Terms terms = terms(in);
        Tally tally = tally(in);
        RecentEvents recent = RecentEvents.of(in.raw());
        Instant endedAt = in.time();
        EndReason reason = EndReason.valueOf(in.text());
        Instant upstreamUntil = in.optionalTime();
        String closeCommandId = in.optionalText();
        Instant closedAt = in.optionalTime();
        Revocation revocation = revocation(in);
        long timer = in.number();
        return new Ended(
                opening,
                terms,
                tally,
                recent,
                endedAt,
                reason,
                upstreamUntil,
                closeCommandId,
                closedAt,
                revocation,
                in.optionalTime(),
                timer);
    }

    private static void write(Out out, Opening opening) {
        out.text(opening.guestRef());
        out.number(opening.guestPartition());
        out.text(opening.requestId());
        out.number(opening.attempt());
        out.text(opening.channelId());
        Dimensions dimensions = opening.dimensions();
        // Nearly always the channel itself.
        boolean sameChannel = opening.channelId().equals(dimensions.channelId());
        out.octet(sameChannel ? 1 : 0);
        if (!sameChannel) {
            out.optionalText(dimensions.channelId());
        }
        out.optionalText(dimensions.segment());
        out.optionalText(dimensions.campaign());
        out.source(opening.source());
        out.time(opening.openedAt());
        out.octet(opening.firstLife() ? 1 : 0);
    }

    private static Opening opening(In in) {
        String guestRef = in.text();
        int guestPartition = in.count();
        String requestId = in.text();
        int attempt = in.count();
        String channelId = in.text();
        String dimension = in.octet() == 1 ? channelId : in.optionalText();
        return new Opening(
                guestRef,
                guestPartition,
                requestId,
                attempt,
                channelId,
                new Dimensions(dimension, in.optionalText(), in.optionalText()),
                in.source(),
                in.time(),
                in.octet() == 1);
    }

    private static void write(Out out, Terms terms) {
        out.time(terms.grantedAt());
        out.time(terms.expiresAt());
        out.number(terms.refreshes());
        out.optionalTime(terms.refreshedAt());
    }

    private static Terms terms(In in) {
        return new Terms(in.time(), in.time(), in.count(), in.optionalTime());
    }

    private static void write(Out out, Tally tally) {
        out.number(tally.inbound());
        out.number(tally.outbound());
        out.optionalTime(tally.lastActivityAt());
    }

    private static Tally tally(In in) {
        return new Tally(in.count(), in.count(), in.optionalTime());
    }

    private static void write(Out out, Refreshing refreshing) {
        switch (refreshing) {
            case Refreshing.Idle ignored -> out.octet(IDLE);
            case Refreshing.InFlight inFlight -> {
                out.octet(IN_FLIGHT);
                out.text(inFlight.commandId());
                out.number(inFlight.failures());
                out.number(inFlight.calls());
                out.time(inFlight.timeoutAt());
            }
            case Refreshing.Pausing pausing -> {
                out.octet(PAUSING);
                out.time(pausing.until());
                out.number(pausing.failures());
                out.number(pausing.calls());
                ErrorCode failed = pausing.failed();
                out.optionalText(failed == null ? null : failed.name());
            }
            case Refreshing.Refused refused -> {
                out.octet(REFUSED);
                out.text(refused.code().name());
            }
        }
    }

    private static Refreshing refreshing(In in) {
        int kind = in.octet();
        return switch (kind) {
            case IDLE -> Refreshing.IDLE;
            case IN_FLIGHT -> new Refreshing.InFlight(in.text(), in.count(), in.count(), in.time());
            case PAUSING -> {
                Instant until = in.time();
                int failures = in.count();
                int calls = in.count();
                String failed = in.optionalText();
                yield new Refreshing.Pausing(until, failures, calls, failed == null ? null : ErrorCode.valueOf(failed));
            }
            case REFUSED -> new Refreshing.Refused(ErrorCode.valueOf(in.text()));
            default -> throw new IllegalStateException("a stored refresh is of the unknown kind " + kind);
        };
    }

    private static void write(Out out, Injections injections) {
        out.number(injections.last());
        Injection current = injections.current();
        out.octet(current == null ? 0 : 1);
        if (current != null) {
            write(out, current.context());
            out.optionalText(current.commandId());
            out.time(current.lookAt());
            out.time(current.giveUpAt());
            out.number(current.failures());
            out.number(current.calls());
        }
        write(out, injections.waiting());
    }

    private static Injections injections(In in) {
        int last = in.count();
        Injection current = in.octet() == 0
                ? null
                : new Injection(context(in), in.optionalText(), in.time(), in.time(), in.count(), in.count());
        Map<String, JsonNode> waiting = context(in);
        return last == 0 && current == null && waiting.isEmpty()
                ? Injections.NONE
                : new Injections(last, current, waiting);
    }

    private static void write(Out out, @Nullable Revocation revocation) {
        out.optionalTime(revocation == null ? null : revocation.at());
        if (revocation != null) {
            out.text(revocation.reason());
        }
    }

    private static @Nullable Revocation revocation(In in) {
        Instant at = in.optionalTime();
        return at == null ? null : new Revocation(at, in.text());
    }

    private static void write(Out out, Map<String, JsonNode> context) {
        out.raw(context.isEmpty() ? new byte[0] : CONTEXT.write(new StoredContext(context)));
    }

    private static Map<String, JsonNode> context(In in) {
        byte[] json = in.raw();
        return json.length == 0 ? Map.of() : CONTEXT.read(json).context();
    }
}
