package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.codec.Fields;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last attempt that ended, remembered so that a repeat gets the same answer.
 *
 * @param result what was answered
 * @param requestRef the reference its commands were made with, if it had any
 * @param opening the request record of the attempt
 * @param cause the record that ended it: one that comes again, which happens under at-least-once only, is answered again
 * @param late a conversation that CXone made after a failure was answered: the next attempt answers from it
 * @param injection context that is being injected in the background
 * @param facts what was told when it ended and of the injection; kept under at-least-once only, to be told again
 */
record Ended(
        GuestAuthResult result,
        @Nullable String requestRef,
        Dimensions dimensions,
        Source opening,
        Source cause,
        @Nullable Late late,
        @Nullable Injection injection,
        List<Fact> facts,
        Trace trace) {
    static final JsonCodec<Ended> CODEC = JsonCodec.stored("auth-ended/1", RequestStore.MAX_ENTRY_BYTES, Ended::read);

    /** A conversation that answered nobody yet. */
    record Late(String conversationId, Instant expiresAt, int httpStatus, boolean contextInjected) {}

    int attempt() {
        return result.attempt();
    }

    Ended withLate(@Nullable Late found) {
        return new Ended(result, requestRef, dimensions, opening, cause, found, injection, facts, trace);
    }

    Ended with(@Nullable Injection changed) {
        return new Ended(result, requestRef, dimensions, opening, cause, late, changed, facts, trace);
    }

    Ended telling(Fact more) {
        List<Fact> told = new ArrayList<>(facts);
        told.add(more);
        return new Ended(result, requestRef, dimensions, opening, cause, late, injection, List.copyOf(told), trace);
    }

    Ended withoutFacts() {
        return new Ended(result, requestRef, dimensions, opening, cause, late, injection, List.of(), trace);
    }

    /** Whether no outcome ended it but a timer, or that the guest had too much under way. */
    boolean endedUnasked() {
        return cause.equals(opening);
    }

    private static Ended read(Fields in) {
        Fields late = in.optionalObject("late");
        Fields injection = in.optionalObject("injection");
        return new Ended(
                GuestAuthResult.CODEC.read(in.object("result")),
                in.optionalId("requestRef"),
                Dimensions.read(in.object("dimensions")),
                Source.read(in.object("opening")),
                Source.read(in.object("cause")),
                late == null
                        ? null
                        : new Late(
                                late.id("conversationId"),
                                late.time("expiresAt"),
                                late.count("httpStatus", 100),
                                late.flag("contextInjected")),
                injection == null ? null : Injection.read(injection),
                in.objects("facts", Fact.CODEC::read),
                StoredTrace.read(in.object("trace")));
    }
}
