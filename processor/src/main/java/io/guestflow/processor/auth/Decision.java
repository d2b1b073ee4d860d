package io.guestflow.processor.auth;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.Trace;
import java.time.Instant;
import java.util.List;

/**
 * What was decided.
 *
 * @param state what is known from now on
 * @param trace whose trace the outputs carry
 */
record Decision(RequestState state, List<Output> outputs, Trace trace) {

    static Decision of(RequestState state, Trace trace, Output... outputs) {
        return new Decision(state, List.of(outputs), trace);
    }

    /** What is to be done about it. */
    sealed interface Output {
        /** Answer, for the first time for this attempt. */
        record Answer(GuestAuthResult result) implements Output {}

        /** Answer as before. */
        record Replay(GuestAuthResult result) implements Output {}

        /** A repeat of a request that is still pending: its answer will be that of the first. */
        record Suppressed() implements Output {}

        /** A record came again after a crash, under at-least-once; what it led to is written again beside this. */
        record Redelivered() implements Output {}

        /** Answer again, because the crash may have come before the answer was written. */
        record AnswerAgain(GuestAuthResult result) implements Output {}

        /** See to it that what was decided is stored before it is told, which is done later. */
        record Store() implements Output {}

        /** Have effects do this. */
        record Issue(AuthCommand command) implements Output {}

        /** Tell audit and analytics. */
        record Tell(Fact fact) implements Output {}

        /** Look at the request again at that time. */
        record Wake(Instant at, WakeKind kind, int attempt) implements Output {}

        /** An outcome that changes nothing. */
        record Stray(StrayKind kind) implements Output {}
    }

    /** What a request is looked at again for; the code is what the timer store keeps. */
    enum WakeKind {
        /** The caller's deadline, and later the end of being remembered. */
        LIFE((byte) 1),
        /** The end of injecting context in the background. */
        INJECTION((byte) 2);

        private final byte code;

        WakeKind(byte code) {
            this.code = code;
        }

        byte code() {
            return code;
        }

        static WakeKind of(byte code) {
            for (WakeKind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalStateException("timer kind " + code + " was written by a newer version");
        }
    }

    /** Why an outcome changes nothing. */
    enum StrayKind {
        /** The command was answered before, which a repeated call can lead to. */
        DUPLICATE,
        /** Nothing is known of the request any more. */
        UNKNOWN
    }
}
